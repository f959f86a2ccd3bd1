import { render } from "preact";
import { Studio } from "./studio.js";

const place = document.getElementById("studio");
if (place !== null) render(<Studio />, place);
