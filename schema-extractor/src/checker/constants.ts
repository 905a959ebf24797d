import ts from "typescript";
import { unwrapExpression } from "./expressions.ts";
import { type NodeHandle, unwrapNode, wrapNode } from "./handles.ts";

/** A value known without running the program. */
export type Constant = string | number | boolean | null | undefined | readonly Constant[];

/** What reading an expression gives: a value, or the part that stands in the way. */
export type Evaluation =
  { readonly known: true; readonly value: Constant } | { readonly known: false; readonly culprit: NodeHandle };

/** One property of an object literal. */
export interface ConstantEntry {
  readonly name: string;
  readonly value: NodeHandle;
}

type Found = ts.Node | { readonly value: Constant };

const maximumDepth = 32;
/** What makes a class's member a constant. */
const constantMember = ts.ModifierFlags.Static | ts.ModifierFlags.Readonly;

/** Evaluates literals, and what is made of them: constants, enum members, templates, sums, arrays. */
export class Constants {
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  evaluate(node: NodeHandle): Evaluation {
    const found = this.#evaluate(unwrapNode(node), 0);
    return "kind" in found ? { known: false, culprit: wrapNode(found) } : { known: true, value: found.value };
  }

  /** The properties of an object literal, or of a constant that holds one; spreads are followed, later ones win. */
  entries(node: NodeHandle): { readonly entries: readonly ConstantEntry[]; readonly culprit?: NodeHandle } {
    const entries = new Map<string, ConstantEntry>();
    const culprit = this.#collect(unwrapNode(node), entries, 0);
    return { entries: [...entries.values()], ...(culprit === undefined ? {} : { culprit: wrapNode(culprit) }) };
  }

  /** The expression that a name stands for, through constants and imports; the expression itself where it is no name. */
  meaningOf(node: NodeHandle): NodeHandle {
    return wrapNode(this.#follow(unwrapNode(node), 0));
  }

  #collect(node: ts.Node, into: Map<string, ConstantEntry>, depth: number): ts.Node | undefined {
    const literal = this.#follow(node, depth);
    if (!ts.isObjectLiteralExpression(literal) || depth > maximumDepth) return node;
    for (const property of literal.properties) {
      if (ts.isSpreadAssignment(property)) {
        const culprit = this.#collect(property.expression, into, depth + 1);
        if (culprit !== undefined) return culprit;
      } else if (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)) {
        into.set(property.name.text, { name: property.name.text, value: wrapNode(property.initializer) });
      } else if (ts.isShorthandPropertyAssignment(property)) {
        into.set(property.name.text, { name: property.name.text, value: wrapNode(property.name) });
      } else if (ts.isMethodDeclaration(property) && !ts.isComputedPropertyName(property.name)) {
        into.set(property.name.text, { name: property.name.text, value: wrapNode(property) });
      } else {
        return property;
      }
    }
    return undefined;
  }

  /** A constant's initializer in place of its name. */
  #follow(node: ts.Node, depth: number): ts.Node {
    const bare = ts.isExpression(node) ? unwrapExpression(node) : node;
    if (depth > maximumDepth || !(ts.isIdentifier(bare) || ts.isPropertyAccessExpression(bare))) return bare;
    const initializer = this.#initializerOf(bare);
    return initializer === undefined ? bare : this.#follow(initializer, depth + 1);
  }

  #initializerOf(node: ts.Identifier | ts.PropertyAccessExpression): ts.Expression | undefined {
    const symbol =
      ts.isIdentifier(node) && ts.isShorthandPropertyAssignment(node.parent)
        ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
        : this.#checker.getSymbolAtLocation(node);
    if (symbol === undefined) return undefined;
    const target = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
    const declaration = target.valueDeclaration;
    if (declaration === undefined) return undefined;
    if (ts.isVariableDeclaration(declaration)) {
      return (declaration.parent.flags & ts.NodeFlags.Const) === 0 ? undefined : declaration.initializer;
    }
    if (ts.isExportAssignment(declaration)) return declaration.expression;
    if (ts.isPropertyDeclaration(declaration)) {
      return (ts.getCombinedModifierFlags(declaration) & constantMember) === constantMember
        ? declaration.initializer
        : undefined;
    }
    // A property of a constant object: `paths.user` with `const paths = { user: "/users" } as const`.
    if (ts.isPropertyAccessExpression(node) && ts.isPropertyAssignment(declaration)) {
      return this.#follow(node.expression, 1) === declaration.parent ? declaration.initializer : undefined;
    }
    return undefined;
  }

  #evaluate(node: ts.Node, depth: number): Found {
    const literal = this.#follow(node, depth);
    if (depth > maximumDepth) return node;
    if (ts.isStringLiteralLike(literal)) return { value: literal.text };
    if (ts.isNumericLiteral(literal)) return { value: Number(literal.text) };
    switch (literal.kind) {
      case ts.SyntaxKind.TrueKeyword:
        return { value: true };
      case ts.SyntaxKind.FalseKeyword:
        return { value: false };
      case ts.SyntaxKind.NullKeyword:
        return { value: null };
      default:
    }
    if (ts.isIdentifier(literal) && literal.text === "undefined") return { value: undefined };
    if (ts.isArrayLiteralExpression(literal)) return this.#array(literal, depth);
    if (ts.isTemplateExpression(literal)) return this.#template(literal, depth);
    if (ts.isPrefixUnaryExpression(literal)) return this.#unary(literal, depth);
    if (ts.isBinaryExpression(literal)) return this.#binary(literal, depth);
    return this.#byType(literal) ?? node;
  }

  #array(node: ts.ArrayLiteralExpression, depth: number): Found {
    const values: Constant[] = [];
    for (const element of node.elements) {
      const found = this.#evaluate(ts.isSpreadElement(element) ? element.expression : element, depth + 1);
      if ("kind" in found) return found;
      if (!ts.isSpreadElement(element)) values.push(found.value);
      else if (isList(found.value)) values.push(...found.value);
      else return element;
    }
    return { value: values };
  }

  #template(node: ts.TemplateExpression, depth: number): Found {
    let text = node.head.text;
    for (const span of node.templateSpans) {
      const found = this.#evaluate(span.expression, depth + 1);
      if ("kind" in found) return found;
      if (isList(found.value)) return span.expression;
      text += String(found.value) + span.literal.text;
    }
    return { value: text };
  }

  #unary(node: ts.PrefixUnaryExpression, depth: number): Found {
    const found = this.#evaluate(node.operand, depth + 1);
    if ("kind" in found) return found;
    if (node.operator === ts.SyntaxKind.MinusToken && typeof found.value === "number") return { value: -found.value };
    if (node.operator === ts.SyntaxKind.ExclamationToken && typeof found.value === "boolean")
      return { value: !found.value };
    return node;
  }

  #binary(node: ts.BinaryExpression, depth: number): Found {
    const left = this.#evaluate(node.left, depth + 1);
    if ("kind" in left) return left;
    const right = this.#evaluate(node.right, depth + 1);
    if ("kind" in right) return right;
    const value = combine(node.operatorToken.kind, left.value, right.value);
    return value === undefined ? node : { value };
  }

  /** What the checker knows: enum members, and types with a single value. */
  #byType(node: ts.Node): Found | undefined {
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
      const value = this.#checker.getConstantValue(node);
      if (value !== undefined) return { value };
    }
    const type = this.#checker.getTypeAtLocation(node);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { value: type.value };
    if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return { value: this.#checker.typeToString(type) === "true" };
    return undefined;
  }
}

/** Whether a constant is an array. */
export function isList(value: Constant): value is readonly Constant[] {
  return Array.isArray(value);
}

function combine(operator: ts.SyntaxKind, left: Constant, right: Constant): string | number | undefined {
  if (operator === ts.SyntaxKind.PlusToken && (typeof left === "string" || typeof right === "string")) {
    return isList(left) || isList(right) ? undefined : String(left) + String(right);
  }
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  switch (operator) {
    case ts.SyntaxKind.PlusToken:
      return left + right;
    case ts.SyntaxKind.MinusToken:
      return left - right;
    case ts.SyntaxKind.AsteriskToken:
      return left * right;
    case ts.SyntaxKind.SlashToken:
      return left / right;
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return left ** right;
    case ts.SyntaxKind.LessThanLessThanToken:
      return left << right;
    default:
      return undefined;
  }
}
