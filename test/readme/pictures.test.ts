import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseChartRequest } from "../../src/chart/chart-request.js";
import { describeChart } from "../../src/chart/describe-chart.js";
import { drawSvg } from "../../src/chart/draw-svg.js";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { isUpdate, readDocuments } from "./documents.js";

/** What a document shows of a statement's result. */
interface Picture {
  /** The document's, from the project's folder. */
  readonly document: string;
  /** "line month mrr" */
  readonly words: string;
  /** Beside the document: "pictures/growth.svg". */
  readonly file: string;
  readonly sql: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const reference = /^`\\plot (.*)`\n\n!\[.+\]\((.*\.svg)\)$/gm;

const pictures = readDocuments().flatMap(({ path, text }): readonly Picture[] =>
  [...text.matchAll(reference)].map(({ index, 1: words = "", 2: file = "" }) => {
    const before = text.slice(0, index);
    const sql = before.slice(before.lastIndexOf("```sql\n") + "```sql\n".length);
    return { document: path, words, file, sql: sql.slice(0, sql.indexOf("```")) };
  }),
);

let connection: Connection;

beforeAll(async () => {
  connection = await connect({ sandbox: true });
});

afterAll(() => connection.close());

describe("the pictures of the documents", () => {
  it.each(pictures)("$file of $document is what its statement draws", async ({ document, words, file, sql }) => {
    const rows = connection.stream(sql);
    const columns = await rows.columns();
    const chart = await describeChart(parseChartRequest(words.split(" ")), columns, rows.texts("sql"));
    const svg = await drawSvg(chart, { width: 640, height: 320 });
    const path = join(root, dirname(document), file);
    if (isUpdate) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, svg);
    }
    expect(readFileSync(path, "utf8") === svg, "drawn as it stands in the file").toBe(true);
    expect(svg.length).toBeLessThan(30_000);
  });

  it("are all that there are in their folder", () => {
    const folder = join(root, "src/catalog/metrics/pictures");
    const files = existsSync(folder) ? readdirSync(folder).map((file) => `pictures/${file}`) : [];
    expect(files.sort()).toEqual(pictures.map(({ file }) => file).sort());
    expect(pictures.length).toBe(12);
  });
});
