/** A time zone as printing and planning need it. */
export interface TimeZone {
  /** "UTC", "America/Los_Angeles". */
  readonly name: string;
  /** Seconds that its clocks are ahead of UTC at a time, which is given in seconds since the Unix epoch. */
  offsetSeconds(epochSeconds: number): number;
}

export const utc: TimeZone = { name: "UTC", offsetSeconds: () => 0 };
