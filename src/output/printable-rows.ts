import type { RowStream } from "../driver/api.js";

/** As much of a stream as printing it takes. */
export type PrintableRows = Pick<RowStream, "columns" | "texts">;
