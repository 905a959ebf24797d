type DurationUnit = "ns" | "µs" | "ms" | "s" | "m" | "h";
type DurationComponent = `${number}${DurationUnit}`;

/** A length of time as one or two numbers with a unit each: `"10s"`, `"500ms"`, `"1h30m"`, `"1h 30m"`. */
export type DurationString =
  DurationComponent | `${DurationComponent}${DurationComponent}` | `${DurationComponent} ${DurationComponent}`;
