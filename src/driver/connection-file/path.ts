/** Where a value stands: keys of mappings and indexes of lists, from the top. */
export type Path = readonly (string | number)[];

const longestStep = 60;

/** "proxy.ssltype", "config_variable[2].string_value"; empty at the top. */
export function printPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step) || step.length > longestStep) return `${text}[${JSON.stringify(shortened(step))}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

function shortened(step: string): string {
  return step.length > longestStep ? `${step.slice(0, longestStep)}…` : step;
}

/** For maps by path. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** The value there; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    return isMapping(inner) || Array.isArray(inner)
      ? Object.entries(inner).find(([key]) => key === `${step}`)?.[1]
      : undefined;
  }, value);
}

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
