const seconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  µs: 1e-6,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** The seconds of a length of time such as "1h30m" or "500ms"; undefined where it is none. */
export function readDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ns|µs|us|ms|s|m|h)\s*)+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|µs|us|ms|s|m|h)/g)) {
    total += Number(amount) * (seconds[unit ?? ""] ?? 0);
  }
  return total;
}
