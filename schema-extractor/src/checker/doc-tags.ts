import ts from "typescript";
import type { CheckedProgram } from "./program.ts";
import type { SdkSymbols } from "./sdk-symbols.ts";
import type { TypeNames } from "./type-names.ts";
import { declaredTypeNode, indexedProperty, membersOf, sameMembers, undefinedLike } from "./type-queries.ts";
import type { TagView, TypePart } from "./type-view.ts";

/** Types of the SDK whose first argument is the type of what travels. */
const carriers = new Set(["api/Header", "api/Query", "pubsub/Attribute"]);

/** Types of the library, by the parts that their arguments are. */
const holders: ReadonlyMap<string, readonly (TypePart | undefined)[]> = new Map([
  ["Array", ["element"]],
  ["ReadonlyArray", ["element"]],
  ["Set", ["element"]],
  ["ReadonlySet", ["element"]],
  ["Record", [undefined, "value"]],
  ["Map", ["key", "value"]],
  ["ReadonlyMap", ["key", "value"]],
]);

/** The aliases that led here: one that contains itself is read once. */
type Seen = ReadonlySet<ts.Symbol>;

/** Reads the tags of JSDoc comments, which say of members and named types what rules would. */
export class DocTagReader {
  readonly #checked: CheckedProgram;
  readonly #checker: ts.TypeChecker;
  readonly #sdk: SdkSymbols;
  readonly #names: TypeNames;

  constructor(checked: CheckedProgram, sdk: SdkSymbols, names: TypeNames) {
    this.#checked = checked;
    this.#checker = checked.checker;
    this.#sdk = sdk;
    this.#names = names;
  }

  /**
   * The tags of a member's declarations.
   * @param node the type as declared, where that is known
   * @param type the type that the member has here
   */
  ofMember(declarations: readonly ts.Declaration[], node: ts.Node | undefined, type: ts.Type): readonly TagView[] {
    return declarations.flatMap((declaration) => {
      const tags = this.#ofDeclaration(declaration);
      const isMapped = tags.length > 0 && node !== undefined && !this.#isAsWritten(node, type);
      return isMapped ? tags.map((tag) => ({ ...tag, isLenient: true })) : tags;
    });
  }

  /**
   * The tags of the aliases that a type is written with: `type Age = number` is nothing but `number` once it is resolved.
   * @param type what the checker made of it; where that is another type, as in a mapped one, the tags don't hold
   */
  ofNode(node: ts.Node, type: ts.Type): readonly TagView[] {
    const tags = ts.isTypeNode(node) ? this.#ofNode(node, new Set()) : [];
    return tags.length > 0 && this.#isAsWritten(node, type) ? tags : [];
  }

  #ofDeclaration(declaration: ts.Declaration): readonly TagView[] {
    const tags = tagsOf(declaration);
    if (tags.length === 0 || this.#isForeign(declaration.getSourceFile())) return [];
    const isLenient = !this.#names.isOwn(declaration.getSourceFile());
    return tags.map((tag) => ({ ...tag, path: [], isLenient }));
  }

  /** Whether a type is what the node says, `undefined` aside. */
  #isAsWritten(node: ts.Node, type: ts.Type): boolean {
    const written = membersOf(this.#checker.getTypeFromTypeNode(node as ts.TypeNode));
    return sameMembers(present(written), present(membersOf(type)));
  }

  #ofNode(node: ts.TypeNode, seen: Seen): readonly TagView[] {
    if (ts.isParenthesizedTypeNode(node) || isReadonly(node)) return this.#ofNode(node.type, seen);
    if (ts.isArrayTypeNode(node)) return this.#ofPart("element", node.elementType, seen);
    if (ts.isIntersectionTypeNode(node)) return node.types.flatMap((part) => this.#ofNode(part, seen));
    if (ts.isUnionTypeNode(node)) return this.#ofUnion(node, seen);
    if (ts.isIndexedAccessTypeNode(node)) return this.#ofIndexed(node, seen);
    return ts.isTypeReferenceNode(node) ? this.#ofReference(node, seen) : [];
  }

  #ofReference(node: ts.TypeReferenceNode, seen: Seen): readonly TagView[] {
    const given = node.typeArguments ?? [];
    const named = this.#checker.getSymbolAtLocation(node.typeName);
    const sdk = this.#sdk.nameOf(named);
    if (named === undefined) return [];
    if (sdk !== undefined) {
      const [carried] = carriers.has(`${sdk.module}/${sdk.name}`) ? given : [];
      return carried === undefined ? [] : this.#ofNode(carried, seen);
    }
    const symbol = this.#sdk.resolve(named);
    const declaration = symbol.declarations?.[0];
    if (declaration === undefined || seen.has(symbol)) return [];
    if (this.#isForeign(declaration.getSourceFile())) {
      const parts = holders.get(symbol.name) ?? [];
      return given.flatMap((argument, index) => this.#ofPart(parts[index], argument, seen));
    }
    const alias = symbol.declarations?.find(ts.isTypeAliasDeclaration);
    if (alias === undefined) return [];
    return [...this.#ofDeclaration(alias), ...this.#ofNode(alias.type, new Set([...seen, symbol]))];
  }

  #ofPart(part: TypePart | undefined, node: ts.TypeNode, seen: Seen): readonly TagView[] {
    if (part === undefined) return [];
    return this.#ofNode(node, seen).map((tag) => ({ ...tag, path: [part, ...tag.path] }));
  }

  /** Of a union, tags count where a value of the part can't be one of another part, which has other rules or none. */
  #ofUnion(node: ts.UnionTypeNode, seen: Seen): readonly TagView[] {
    return node.types.flatMap((part) => {
      // Few parts have any: the others aren't compared.
      const tags = this.#ofNode(part, seen);
      if (tags.length === 0) return tags;
      const own = this.#checker.getTypeFromTypeNode(part);
      const others = node.types
        .filter((other) => other !== part)
        .map((other) => this.#checker.getTypeFromTypeNode(other));
      return others.some((other) => this.#overlap(own, other)) ? [] : tags;
    });
  }

  /** `Person["age"]` has what Person says of its age. */
  #ofIndexed(node: ts.IndexedAccessTypeNode, seen: Seen): readonly TagView[] {
    const property = indexedProperty(this.#checker, node);
    if (property === undefined || seen.has(property)) return [];
    const inner = new Set([...seen, property]);
    return (property.declarations ?? []).flatMap((declaration) => {
      const written = declaredTypeNode(declaration);
      return [...this.#ofDeclaration(declaration), ...(written === undefined ? [] : this.#ofNode(written, inner))];
    });
  }

  #overlap(left: ts.Type, right: ts.Type): boolean {
    return this.#checker.isTypeAssignableTo(left, right) || this.#checker.isTypeAssignableTo(right, left);
  }

  /** Whether a file is the platform's or the SDK's, whose comments are documentation only. */
  #isForeign(file: ts.SourceFile): boolean {
    return this.#names.isPlatform(file) || this.#checked.host.resolver.isSdkFile(file.fileName);
  }
}

function isReadonly(node: ts.TypeNode): node is ts.TypeOperatorNode {
  return ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword;
}

function present(types: readonly ts.Type[]): readonly ts.Type[] {
  return types.filter((type) => (type.flags & undefinedLike) === 0);
}

type Tag = Pick<TagView, "name" | "text">;

function tagsOf(declaration: ts.Declaration): readonly Tag[] {
  const tags = ts.getJSDocTags(declaration);
  if (tags.length === 0) return tagsOnSameLine(declaration);
  return tags.map((tag) => ({
    name: tag.tagName.text,
    text: (ts.getTextOfJSDocComment(tag.comment) ?? "").trim(),
  }));
}

/**
 * The tags of a comment that stands on one line with what comes before it: `{ /** @minimum 1 *\/ age: number }`. The compiler
 * takes such a comment for the bracket's, and a rule that silently doesn't hold is worse than one that does.
 */
function tagsOnSameLine(declaration: ts.Declaration): readonly Tag[] {
  if (!ts.isPropertySignature(declaration) && !ts.isPropertyDeclaration(declaration)) return [];
  const file = declaration.getSourceFile();
  const before = file.text.slice(declaration.pos, declaration.getStart(file));
  if (!before.includes("/**")) return [];
  const comment = /\/\*\*(?!\/)((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before)?.[1];
  if (comment === undefined) return [];
  return [...comment.matchAll(/(?<=^|\s)@([A-Za-z]+)(?=\s|$)((?:(?!\s@[A-Za-z])[\s\S])*)/g)].map(
    ([, name = "", text = ""]) => ({ name, text: text.replace(/\s*\n\s*\*?/g, "\n").trim() }),
  );
}
