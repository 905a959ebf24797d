import ts from "typescript";
import { unwrapExpression } from "./expressions.ts";
import type { CheckedProgram } from "./program.ts";

/** Something that the SDK exports: `api` of module "api", `Service` of module "service". */
export interface SdkName {
  /** The module's name within the package: "api", "storage/sqldb", "" for the package itself. */
  readonly module: string;
  /** The export's name, followed by the names of members: "api", "api.raw". */
  readonly name: string;
}

/** Knows the SDK's exports by their declarations, under whatever name and through whichever module they reach the application. */
export class SdkSymbols {
  readonly #checker: ts.TypeChecker;
  readonly #names = new Map<ts.Symbol, SdkName>();

  constructor(checked: CheckedProgram) {
    this.#checker = checked.checker;
    for (const [path, module] of checked.host.resolver.sdkModules) {
      const file = checked.program.getSourceFile(path);
      const symbol = file === undefined ? undefined : this.#checker.getSymbolAtLocation(file);
      if (symbol === undefined) continue;
      for (const exported of this.#checker.getExportsOfModule(symbol)) {
        this.#names.set(this.resolve(exported), { module, name: exported.name });
      }
    }
  }

  /** Whether the application imports anything of the SDK. */
  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** The SDK's name of a symbol. */
  nameOf(symbol: ts.Symbol | undefined): SdkName | undefined {
    return symbol === undefined ? undefined : this.#names.get(this.resolve(symbol));
  }

  /** The SDK's name of what an expression refers to: `api`, `encore.api`, `api.raw`, or a constant that holds one of them. */
  nameOfExpression(expression: ts.Expression, depth = 0): SdkName | undefined {
    const node = unwrapExpression(expression);
    if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(node);
    const direct = this.nameOf(symbol);
    if (direct !== undefined) return direct;
    if (ts.isPropertyAccessExpression(node)) {
      const owner = this.nameOfExpression(node.expression, depth);
      return owner === undefined ? undefined : { module: owner.module, name: `${owner.name}.${node.name.text}` };
    }
    const declaration = symbol === undefined ? undefined : this.resolve(symbol).valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || depth > 8) return undefined;
    const { initializer, parent } = declaration;
    if (initializer === undefined || (parent.flags & ts.NodeFlags.Const) === 0) return undefined;
    return this.nameOfExpression(initializer, depth + 1);
  }

  /** What an import or re-export stands for in the end. */
  resolve(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }
}
