/** Formats that are text, of which one may follow another. */
export const textFormats = ["table", "csv", "json", "jsonl", "markdown", "html"] as const;
export type TextFormat = (typeof textFormats)[number];

/** Formats that are a file of one result. */
export const fileFormats = ["parquet", "xlsx", "svg", "png"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** Of these, those that show a chart of it. */
export const pictureFormats = ["svg", "png"] as const;

export const outputFormats = [...textFormats, ...fileFormats] as const;
export type OutputFormat = (typeof outputFormats)[number];

export function isFileFormat(format: OutputFormat): format is FileFormat {
  return fileFormats.some((one) => one === format);
}

export function isPictureFormat(format: OutputFormat): format is (typeof pictureFormats)[number] {
  return pictureFormats.some((one) => one === format);
}
