import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = fileURLToPath(new URL(".", import.meta.url));
const builtPackage = join(here, "../../package");
const fixtures = join(here, "../../../test/types/testdata");
const nodeTypes = fileURLToPath(new URL("../../../../node_modules/@types", import.meta.url));

const strict: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts"],
  types: [],
};

const resolutions = {
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
};

/** An application's folder: the package under both of its names, and the fixtures. */
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "encore-host-types-"));
  mkdirSync(join(folder, "node_modules"));
  // Copied, as an installation would be: a linked package would be looked up from where it really lies.
  for (const name of ["encore-host", "encore.dev"])
    cpSync(builtPackage, join(folder, "node_modules", name), { recursive: true });
  symlinkSync(nodeTypes, join(folder, "node_modules", "@types"));
  cpSync(fixtures, folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});

after(() => {
  rmSync(folder, { recursive: true });
});

/** Compiles files of the folder and returns every diagnostic; an unused `@ts-expect-error` is one. */
function compile(files: readonly string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    { ...strict, ...options },
  );
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const at =
      diagnostic.file && diagnostic.start !== undefined
        ? ts.getLineAndCharacterOfPosition(diagnostic.file, diagnostic.start).line + 1
        : 0;
    return `${diagnostic.file?.fileName.slice(folder.length + 1) ?? ""}:${at} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
  });
}

function aliased(file: string): string {
  const name = `aliased-${file}`;
  const text = ts.sys.readFile(join(folder, file)) ?? "";
  writeFileSync(join(folder, name), text.replaceAll('"encore-host/', '"encore.dev/'));
  return name;
}

suite("declarations", () => {
  for (const [name, resolution] of Object.entries(resolutions)) {
    for (const file of readdirSync(fixtures).filter((each) => each !== "globals.ts")) {
      test(`${file} with ${name}`, () => {
        assert.deepEqual(compile([file], resolution), []);
      });

      test(`${file} as encore.dev with ${name}`, () => {
        assert.deepEqual(compile([aliased(file)], resolution), []);
      });
    }

    test(`the package's own declarations need nothing else, with ${name}`, () => {
      writeFileSync(
        join(folder, "imports.ts"),
        ["api", "auth", "config", "cron", "log", "pubsub", "service", "storage/sqldb", "types", "validate"]
          .map((module) => `import "encore-host/${module}";`)
          .join("\n"),
      );
      assert.deepEqual(
        compile(["imports.ts"], {
          ...resolution,
          skipLibCheck: false,
          erasableSyntaxOnly: true,
          isolatedDeclarations: false,
        }),
        [],
      );
    });
  }

  test("what a later version brings is an error now", () => {
    writeFileSync(
      join(folder, "later.ts"),
      'import {} from "encore-host/storage/cache";\nimport {} from "encore-host/storage/objects";\n',
    );
    const found = compile(["later.ts"], resolutions.nodenext);
    assert.equal(found.length, 2, found.join("\n"));
  });
});

suite("globals", () => {
  const use = '/// <reference types="encore-host/globals" />\n';

  test("an application needs neither lib.dom nor @types/node", () => {
    writeFileSync(join(folder, "with-globals.ts"), use + (ts.sys.readFile(join(folder, "globals.ts")) ?? ""));
    assert.deepEqual(
      compile(["with-globals.ts"], { ...resolutions.nodenext, skipLibCheck: false, lib: ["lib.es2023.d.ts"] }),
      [],
    );
  });

  for (const [name, options] of Object.entries<ts.CompilerOptions>({
    "lib.dom": { lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"] },
    "@types/node": { types: ["node"] },
    both: { lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], types: ["node"] },
  })) {
    test(`they stand beside ${name}`, () => {
      writeFileSync(
        join(folder, "beside.ts"),
        `${use}console.log(new URL("http://h"), setTimeout(() => {}, 1), fetch, new AbortController().signal);\n`,
      );
      assert.deepEqual(compile(["beside.ts"], { ...resolutions.nodenext, ...options, skipLibCheck: true }), []);
    });
  }
});
