import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { locateSdk } from "../../src/catalog/compile/sdk-source.js";

/** Names of parameters in brackets, "customer_details[email]", by "GET /v1/customers/{}". */
export type DeclaredParameters = ReadonlyMap<string, ReadonlySet<string>>;

interface ResourceText {
  readonly program: string;
  readonly declarations: string;
}

const call = /^ {4}(\w+)\([^)]*\) \{\s+return this\._makeRequest\('(\w+)', (?:'([^']*)'|`([^`]*)`)/gm;
const paging = ["limit", "starting_after", "ending_before"];

/** What each call takes, read from the SDK's text by its layout, without the compiler's parser. */
export function declaredParameters(): DeclaredParameters {
  const texts = resourceTexts();
  const everywhere = texts.map(({ declarations }) => declarations);
  return new Map(
    texts.flatMap(({ program, declarations }) =>
      [...program.matchAll(call)].map(([, method = "", verb = "", plain, template]): [string, ReadonlySet<string>] => {
        const path = (plain ?? template ?? "").replace(/\$\{[^}]*\}/g, "{}");
        const type = new RegExp(`^ {4}${method}\\([^)]*params\\??: ([\\w.]+)`, "m").exec(declarations)?.[1];
        return [`${verb} ${path}`, new Set(namesIn(type, [declarations, ...everywhere]))];
      }),
    ),
  );
}

function resourceTexts(): readonly ResourceText[] {
  const folder = join(locateSdk().root, "resources");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js") && existsSync(join(folder, file.replace(/js$/, "d.ts"))))
    .map((file) => ({
      program: readFileSync(join(folder, file), "utf8"),
      declarations: readFileSync(join(folder, file.replace(/js$/, "d.ts")), "utf8"),
    }));
}

function namesIn(type: string | undefined, texts: readonly string[]): readonly string[] {
  const name = type?.split(".").at(-1);
  const found = name && texts.flatMap((text) => blockOf("interface", name, text) ?? [])[0];
  if (!found) return [];
  const own = [...found.matchAll(/^(\w+)\??: ([^;]*);/gm)];
  const [scope = ""] = texts.flatMap((text) => blockOf("namespace", name, text) ?? []);
  return [
    ...(/ extends PaginationParams/.test(found.split("\n")[0] ?? "") ? paging : []),
    ...own.flatMap(([, field = "", of = ""]) => [
      field,
      ...namesIn(/(\w+\.\w+)$/.exec(of)?.[1], [scope]).map((inner) => `${field}[${inner}]`),
    ]),
  ];
}

/** The text of a declaration, its members at the margin. */
function blockOf(kind: "interface" | "namespace", name: string, text: string): string | undefined {
  const found = new RegExp(
    `^( *)(?:export )?(?:declare )?${kind} ${name}\\b[^\\n]*\\{\\n([\\s\\S]*?)\\n\\1\\}`,
    "m",
  ).exec(text);
  if (found === null) return undefined;
  const [whole = "", indent = "", body = ""] = found;
  return [whole.split("\n")[0], ...body.split("\n").map((line) => line.slice(indent.length + 4))].join("\n");
}
