/**
 * Joins patterns of template-literal types.
 *
 * The checker spreads `${number}${Unit} ${number}${Unit}` out into one type for every two units. What they begin with in
 * common is written once here, so that a pattern stays short and finds out in one pass.
 */

interface Branch {
  readonly next: Map<string, Branch>;
  ends: boolean;
}

/** @param patterns anchored regular expressions, each without alternatives at its top level */
export function joinPatterns(patterns: readonly string[]): string {
  const root: Branch = { next: new Map(), ends: false };
  for (const pattern of patterns) {
    let branch = root;
    for (const atom of atoms(pattern.slice(1, -1))) {
      const next = branch.next.get(atom) ?? { next: new Map(), ends: false };
      branch.next.set(atom, next);
      branch = next;
    }
    branch.ends = true;
  }
  return `^${write(root)}$`;
}

function write({ next, ends }: Branch): string {
  const byTail = new Map<string, string[]>();
  for (const [atom, branch] of next) {
    const tail = write(branch);
    byTail.set(tail, [...(byTail.get(tail) ?? []), atom]);
  }
  const alternatives = [...byTail].map(([tail, heads]) => oneOf(heads) + tail);
  if (!ends) return oneOf(alternatives);
  const [only, ...others] = alternatives;
  if (only === undefined) return "";
  return others.length === 0 && isCharacter(only) ? `${only}?` : `(?:${alternatives.join("|")})?`;
}

function oneOf(alternatives: readonly string[]): string {
  if (alternatives.length === 1) return alternatives[0] ?? "";
  const isClass = alternatives.length > 1 && alternatives.every(isCharacter);
  return isClass ? `[${alternatives.join("")}]` : `(?:${alternatives.join("|")})`;
}

/** Whether a pattern is one character that means itself, within a class too. */
function isCharacter(pattern: string): boolean {
  return /^[^\\^$.*+?()[\]{}|/-]$/u.test(pattern);
}

/** The parts of a pattern that follow each other: characters, classes, groups, each with its quantifier. */
function atoms(pattern: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const [token] of pattern.matchAll(/(?:\\p\{\w+\}|\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|[\s\S])[*+?]?/gu)) {
    part += token;
    if (token === "(?:") depth++;
    else if (/^\)[*+?]?$/.test(token)) depth--;
    if (depth > 0) continue;
    parts.push(part);
    part = "";
  }
  return parts;
}
