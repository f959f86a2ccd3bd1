// Run by `npm run build`: compiles the catalog of the SDK that is installed here, for those who install the package.
import { shipCatalog } from "../store/open-catalog.js";

shipCatalog();
