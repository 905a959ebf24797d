import ts from "typescript";

/** What a template-literal type's placeholders accept, as the checker has it: `String(x)` of some x of the type. */
const numberPattern = "-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:e[+-]?\\d+)?";
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

/** A number as an object's key. */
export const numericKeyPattern = `^${numberPattern}$`;

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

/** `Uppercase<string>` and its kin, as far as a pattern can tell. */
function stringMapping(type: ts.StringMappingType): string | undefined {
  switch (type.symbol.name) {
    case "Uppercase":
      return "[^\\p{Ll}]*";
    case "Lowercase":
      return "[^\\p{Lu}]*";
    case "Capitalize":
      return "(?:[^\\p{Ll}][\\s\\S]*)?";
    case "Uncapitalize":
      return "(?:[^\\p{Lu}][\\s\\S]*)?";
    default:
      return undefined;
  }
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
