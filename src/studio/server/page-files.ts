import { readFile } from "node:fs/promises";

/** Where the build puts the page. */
const folder = new URL("../page/", import.meta.url);

/** The document, whose styles the editor makes as it runs: under a nonce, as no style of anybody else's may come in. */
export function pageDocument(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csp-nonce" content="${nonce}">
<title>stripe-sql studio</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body><div id="studio"></div></body>
</html>
`;
}

/** Nothing comes from anywhere else, and nothing goes there. */
export function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

export async function readPageFile(name: "page.js" | "page.css"): Promise<Buffer> {
  return readFile(new URL(name, folder));
}
