import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

// What `internal/brands.ts` promises to whoever reads types through the checker.

const source = `
import type { Cookie, Header, HttpStatus, Query } from "../../../test/types/../../src/api/index.js";
import type { Attribute } from "../../../test/types/../../src/pubsub/index.js";
import { Decimal } from "../../../test/types/../../src/types/index.js";
import type { Format, Integer, IsEmail, IsIP, IsURL, IsUUID, MatchesRegexp, Max, Min, MinLen, MultipleOf, UniqueItems } from "../../../test/types/../../src/validate/index.js";
type Alias = string & MinLen<4>;
interface All {
  one: string & MinLen<3>;
  all: number & (Min<1> & Max<10>);
  either: string & (IsEmail | IsURL);
  both: string & (MinLen<3> & IsEmail | MatchesRegexp<"^a$">);
  flag: boolean & Min<1>;
  alias: Alias | null;
  fraction: number & Min<-0.5>;
  big: bigint & Min<10n>;
  since: Date & Min<"2024-01-01T00:00:00Z">;
  price: Decimal & Max<"9.99">;
  steps: number & (Integer | MultipleOf<0.5>);
  unique: string[] & UniqueItems;
  ids: string & (IsUUID & Format<"uuid">);
  anyIp: string & IsIP;
  ip: string & IsIP<6>;
  key: Attribute<number>;
  header: Header<"X-Name">;
  typed: Header<number, "X-Typed">;
  own: Query;
  ruled: Header<string & MinLen<2>, "X-Ruled">;
  ruledOwn: Query<string & MinLen<2>>;
  flagHeader: Header<boolean, "X-Flag">;
  list: Query<string[], "tag">;
  session: Cookie<"session">;
  status: HttpStatus;
}
interface Fields extends Partial<Pick<All, keyof All>> {}
`;

const file = fileURLToPath(new URL("../../../test/types/brands.fixture.ts", import.meta.url));
const text = source.replaceAll("../../../test/types/../../src", "../../src");
const options: ts.CompilerOptions = {
  strict: true,
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  types: [],
};
const host = ts.createCompilerHost(options);
const readSource = host.getSourceFile.bind(host);
host.getSourceFile = (name, languageVersion) =>
  name === file ? ts.createSourceFile(name, text, languageVersion, true) : readSource(name, languageVersion);
host.fileExists = (name) => name === file || ts.sys.fileExists(name);
const program = ts.createProgram([file], options, host);
const checker = program.getTypeChecker();

/** A brand of a type: its symbol's name and its payload, as the comment in \`brands.ts\` tells to find them. */
function brandOf(type: ts.Type): string | undefined {
  const [property, ...more] = type.flags & ts.TypeFlags.Object ? type.getProperties() : [];
  const name =
    property === undefined ? undefined : /^__@(encoreRule|encoreWire)@\d+$/.exec(String(property.escapedName))?.[1];
  if (property === undefined || name === undefined) return undefined;
  assert.deepEqual(more, []);
  assert.ok(property.flags & ts.SymbolFlags.Optional);
  const union = checker.getTypeOfSymbol(property);
  assert.ok(union.isUnion());
  const payloads = union.types.filter((member) => member.getProperties().length > 0);
  assert.equal(payloads.length, 1);
  const fields = payloads[0]
    ?.getProperties()
    .map((field) => `${field.name}=${checker.typeToString(checker.getTypeOfSymbol(field))}`);
  return `${name.slice("encore".length).toLowerCase()}(${fields?.join() ?? ""})`;
}

/** A type as a union of its members, each with its base and its brands. */
function show(type: ts.Type): string[] {
  const members = type.isUnion() ? type.types : [type];
  return members
    .filter((member) => !(member.flags & ts.TypeFlags.Undefined))
    .map((member) => {
      const constituents = member.isIntersection() ? member.types : [member];
      return constituents.map((each) => brandOf(each) ?? checker.typeToString(each)).join(" & ");
    })
    .sort();
}

function fields(name: string): Record<string, string[]> {
  const statement = program
    .getSourceFile(file)
    ?.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  assert.ok(statement !== undefined);
  const properties = checker.getTypeAtLocation(statement).getProperties();
  return Object.fromEntries(properties.map((property) => [property.name, show(checker.getTypeOfSymbol(property))]));
}

const expected = {
  one: ["string & rule(minLen=3)"],
  all: ["number & rule(minValue=1) & rule(maxValue=10)"],
  either: ["string & rule(isEmail=true)", "string & rule(isURL=true)"],
  both: ['string & rule(matchesRegexp="^a$")', "string & rule(minLen=3) & rule(isEmail=true)"],
  flag: ["false & rule(minValue=1)", "true & rule(minValue=1)"],
  alias: ["null", "string & rule(minLen=4)"],
  fraction: ["number & rule(minValue=-0.5)"],
  big: ["bigint & rule(minValue=10n)"],
  since: ['Date & rule(minValue="2024-01-01T00:00:00Z")'],
  price: ['Decimal & rule(maxValue="9.99")'],
  steps: ["number & rule(integer=true)", "number & rule(multipleOf=0.5)"],
  unique: ["string[] & rule(uniqueItems=true)"],
  ids: ['string & rule(isUUID=true) & rule(format="uuid")'],
  anyIp: ["string & rule(isIP=true)"],
  ip: ["string & rule(isIP=6)"],
  key: ['number & wire(kind="attribute",name="")'],
  header: ['string & wire(kind="header",name="X-Name")'],
  typed: ['number & wire(kind="header",name="X-Typed")'],
  own: ['string & wire(kind="query",name="")'],
  ruled: ['string & rule(minLen=2) & wire(kind="header",name="X-Ruled")'],
  ruledOwn: ['string & rule(minLen=2) & wire(kind="query",name="")'],
  flagHeader: ['false & wire(kind="header",name="X-Flag")', 'true & wire(kind="header",name="X-Flag")'],
  list: ['string[] & wire(kind="query",name="tag")'],
  session: ['CookieWithOptions<string> & wire(kind="cookie",name="session")'],
};

suite("brands", () => {
  test("the fixture compiles", () => {
    assert.deepEqual(
      ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      [],
    );
  });

  for (const name of ["All", "Fields"]) {
    test(`are found in ${name === "All" ? "declared types" : "what Partial and Pick make of them"}`, () => {
      const { status, ...rest } = fields(name);
      assert.deepEqual(rest, expected);
      assert.equal(status?.length, 63);
      assert.ok(status.includes('201 & wire(kind="status",name="")'));
    });
  }
});
