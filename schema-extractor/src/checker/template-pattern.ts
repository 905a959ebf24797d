import ts from "typescript";

/**
 * What a template-literal type's placeholders accept. The checker takes any text that reads as a number, so that
 * `${number}-${number}` has "2024-05" in it; of those, white space and other bases are left out.
 */
const numberPattern = "[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?";
const bigintPattern = "-?(?:0|[1-9]\\d*)";
const anything = "[\\s\\S]*";

/**
 * A template-literal type as an anchored regular expression.
 * @returns undefined where a placeholder waits for a type parameter
 */
export function templatePattern(type: ts.TemplateLiteralType): string | undefined {
  let pattern = `^${escape(type.texts[0] ?? "")}`;
  for (const [index, placeholder] of type.types.entries()) {
    const part = placeholderPattern(placeholder);
    if (part === undefined) return undefined;
    pattern += part + escape(type.texts[index + 1] ?? "");
  }
  return `${pattern}$`;
}

/** A number as an object's key: `String(x)` of some x. */
export const numericKeyPattern = "^-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:e[+-]?\\d+)?$";

/**
 * `Uppercase<string>` and its kin as an anchored regular expression.
 * @returns undefined where it waits for a type parameter
 */
export function stringMappingPattern(type: ts.StringMappingType): string | undefined {
  const inner = stringMapping(type);
  return inner === undefined ? undefined : `^${inner}$`;
}

function placeholderPattern(type: ts.Type): string | undefined {
  if ((type.flags & (ts.TypeFlags.String | ts.TypeFlags.Any)) !== 0) return anything;
  if ((type.flags & ts.TypeFlags.Number) !== 0) return numberPattern;
  if ((type.flags & ts.TypeFlags.BigInt) !== 0) return bigintPattern;
  if (type.isStringLiteral() || type.isNumberLiteral()) return escape(String(type.value));
  if ((type.flags & ts.TypeFlags.TemplateLiteral) !== 0) {
    return templatePattern(type as ts.TemplateLiteralType)?.slice(1, -1);
  }
  if ((type.flags & ts.TypeFlags.StringMapping) !== 0) return stringMapping(type as ts.StringMappingType);
  // An intersection such as `string & {}` accepts what its primitive does.
  if (type.isIntersection()) return type.types.map(placeholderPattern).find((part) => part !== undefined);
  return undefined;
}

/** Which characters a stretch of text may have, as far as mappings of case decide. */
type Case = "any" | "upper" | "lower";

const characters: Readonly<Record<Case, string>> = { any: "[\\s\\S]", upper: "[^\\p{Ll}]", lower: "[^\\p{Lu}]" };

/** Mappings from the innermost outwards: each decides about the first character, the others, or all. */
function stringMapping(type: ts.StringMappingType): string | undefined {
  const mappings: string[] = [];
  let inner: ts.Type = type;
  while ((inner.flags & ts.TypeFlags.StringMapping) !== 0) {
    mappings.unshift(inner.symbol.name);
    inner = (inner as ts.StringMappingType).type;
  }
  let first: Case = "any";
  let others: Case = "any";
  for (const mapping of mappings) {
    first = mapping === "Uppercase" || mapping === "Capitalize" ? "upper" : "lower";
    if (mapping === "Uppercase" || mapping === "Lowercase") others = first;
  }
  const cased = first === others ? `${characters[first]}*` : `(?:${characters[first]}${characters[others]}*)?`;
  if ((inner.flags & (ts.TypeFlags.String | ts.TypeFlags.Any)) !== 0) return cased;
  // A number's text has letters in exponents and prefixes only.
  return placeholderPattern(inner);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
