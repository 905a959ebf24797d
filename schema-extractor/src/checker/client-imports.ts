import ts from "typescript";
import { specifierOf } from "../clients/generated-modules.ts";

/**
 * The services that a file calls through `~encore/clients`, as clients name them. A namespace import counts for the members that are named.
 */
export function calledClients(file: ts.SourceFile): ReadonlySet<string> {
  const called = new Set<string>();
  const namespaces = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    if (specifierOf(statement.moduleSpecifier.text) !== "clients") continue;
    const clause = statement.importClause;
    if (clause?.namedBindings === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
    if (ts.isNamespaceImport(clause.namedBindings)) {
      namespaces.add(clause.namedBindings.name.text);
    } else {
      for (const { isTypeOnly, name, propertyName } of clause.namedBindings.elements) {
        if (!isTypeOnly) called.add((propertyName ?? name).text);
      }
    }
  }
  if (namespaces.size > 0) addMembers(file, namespaces, called);
  return called;
}

function addMembers(node: ts.Node, namespaces: ReadonlySet<string>, called: Set<string>): void {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && namespaces.has(node.expression.text)) {
    called.add(node.name.text);
  }
  ts.forEachChild(node, (child) => {
    addMembers(child, namespaces, called);
  });
}
