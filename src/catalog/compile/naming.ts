/** `line_items` -> `line_item`: the last word in the singular. */
export function singular(words: string): string {
  if (/(ss|sh|ch|x)es$/.test(words)) return words.slice(0, -2);
  if (/[^aeiou]ies$/.test(words)) return `${words.slice(0, -3)}y`;
  return /[^su]s$/.test(words) ? words.slice(0, -1) : words;
}

/** `line_item` -> `line_items`; a word that is a plural already (`balance_settings`) stays. */
export function plural(words: string): string {
  if (/(ss|sh|ch|x|us)$/.test(words)) return `${words}es`;
  if (/[^aeiou]y$/.test(words)) return `${words.slice(0, -1)}ies`;
  return words.endsWith("s") ? words : `${words}s`;
}

export function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
