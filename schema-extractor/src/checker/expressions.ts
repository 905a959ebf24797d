import ts from "typescript";

/** What wraps an expression without changing its value. */
type Wrapper =
  ts.ParenthesizedExpression | ts.AsExpression | ts.SatisfiesExpression | ts.NonNullExpression | ts.TypeAssertion;

/** Whether a node is parentheses or an assertion. */
export function isWrapper(node: ts.Node): node is Wrapper {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  );
}

/** The expression inside parentheses and assertions. */
export function unwrapExpression(node: ts.Expression): ts.Expression {
  let inner = node;
  while (isWrapper(inner)) inner = inner.expression;
  return inner;
}

/** The expression with the parentheses and assertions around it. */
export function outermostExpression(node: ts.Expression): ts.Expression {
  let outer = node;
  while (isWrapper(outer.parent)) outer = outer.parent;
  return outer;
}
