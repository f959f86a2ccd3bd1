import { openConnector } from "../open-connector.js";
import { serveNode } from "./serve-node.js";

serveNode(openConnector);
