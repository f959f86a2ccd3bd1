/** Words that are calls without parentheses where no column is called so. */
const valueWords = new Set(
  "CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP SESSION_USER".split(
    " ",
  ),
);

/** Is the word in upper case a value of SQL's own, such as CURRENT_DATE? */
export function isValueWord(keyword: string): boolean {
  return valueWords.has(keyword);
}
