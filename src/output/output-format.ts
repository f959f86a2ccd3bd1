/** Formats that are text; parquet is a file of its own kind. */
export const textFormats = ["table", "csv", "json", "jsonl", "markdown"] as const;
export type TextFormat = (typeof textFormats)[number];

export const outputFormats = [...textFormats, "parquet"] as const;
export type OutputFormat = (typeof outputFormats)[number];
