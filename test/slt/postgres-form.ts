/** What DuckDB's dialect writes so, and PostgreSQL's otherwise. */
const rewrites: readonly (readonly [RegExp, string])[] = [
  [/INTERVAL (\d+) (\w+)/g, "INTERVAL '$1 $2'"],
  [/\b(year|month|day|quarter)\((\w+)\)/g, "extract($1 FROM $2)"],
  [/strftime\((\w+), '%Y-%m'\)/g, "to_char($1, 'YYYY-MM')"],
  [/strftime\((\w+), '%Y-%m-%d'\)/g, "to_char($1, 'YYYY-MM-DD')"],
  [/\bepoch\((\w+)\)/g, "extract(epoch FROM $1)"],
  [/date_diff\('day', Created, (TIMESTAMPTZ '[^']*')\)/g, "($1)::date - Created::date"],
  [/list_contains\(\[([^\]]*)\], (\w+)\)/g, "$2 = ANY (ARRAY[$1])"],
  [/ANY \(\[([^\]]*)\]\)/g, "ANY (ARRAY[$1])"],
  [/unnest\((\w+\.\w+)::JSON\[\]\) f/g, "jsonb_array_elements($1) f(unnest)"],
  [/(ReportingCategory, sum.*)GROUP BY ALL/g, "$1GROUP BY 1, 2, 3"],
  [/GROUP BY ALL/g, "GROUP BY 1, 2"],
  [/UNION ALL BY NAME SELECT Created, Id/g, "UNION ALL SELECT Id, Created"],
  [/\bINT = 0\b/g, "int = 0"],
  // A name in double quotes keeps its capitals there.
  [/"(source|_)"\."(\w+)"/g, '"$1".$2'],
];

/** What PostgreSQL has no form of, by why. */
export const withoutForm: readonly { readonly reason: string; readonly statements: RegExp }[] = [
  { reason: "PostgreSQL has no QUALIFY", statements: /QUALIFY/ },
  { reason: "PostgreSQL has no lists made by a loop, nor sums of lists", statements: /\[x FOR x|list_sum/ },
  { reason: "PostgreSQL has neither arg_max nor epoch_ms", statements: /arg_max|epoch_ms/ },
  { reason: "PostgreSQL has no SEMI JOIN", statements: /SEMI JOIN/ },
];

/** A statement of DuckDB's dialect as PostgreSQL's has it; undefined where it has none. */
export function postgresForm(sql: string): string | undefined {
  if (withoutForm.some(({ statements }) => statements.test(sql))) return undefined;
  return rewrites.reduce((text, [form, other]) => text.replace(form, other), sql);
}
