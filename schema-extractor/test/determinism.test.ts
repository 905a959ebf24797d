import { deepEqual, equal, notEqual } from "node:assert/strict";
import { suite, test } from "node:test";
import { Session } from "../src/index.ts";
import {
  extractTexts,
  filesOf,
  findCases,
  generator,
  hostMounts,
  libPath,
  prefixed,
  readCase,
  requestOf,
  sdkPath,
} from "./extraction-cases.ts";
import { OverlayFiles } from "./overlay-files.ts";

const shared: Readonly<Record<string, string>> = {
  "model.ts":
    "export interface Tree<T> { value: T; label: string; children: Tree<T>[] }\n" +
    "export const defaults = { theme: 'dark', sizes: [1, 2], nested: { on: true } };\n" +
    "export type Json = string | number | null | Json[] | { [key: string]: Json };\n",
  "a.ts":
    'import { api } from "encore.dev/api";\nimport { defaults, type Json, type Tree } from "./model.ts";\n' +
    "interface Request { tree: Tree<string>; settings: typeof defaults; more: boolean }\n" +
    "export const a = api({}, async (request: Request): Promise<{ json: Json; back: typeof defaults }> => ({ json: null, back: request.settings }));\n",
  "b.ts":
    'import { api } from "encore.dev/api";\nimport { defaults, type Json, type Tree } from "./model.ts";\n' +
    "interface Request { text: string; tree: Tree<string>; settings?: typeof defaults }\n" +
    "// Handles.\nexport const b = api({}, async (request: Request) => ({ tree: request.tree, json: null as Json, all: [defaults] }));\n",
};

suite("determinism", () => {
  test("a check after edits: the same bytes as a first check", () => {
    const one = readCase("literals-and-unions");
    const root = "/srv/app";
    const files = filesOf(one, root);
    const session = new Session(requestOf(one, root), files);
    session.check();
    // The checker meets the literals in another order now, and keeps its unions in that order.
    files.write(
      `${root}/aaa.ts`,
      'export type Other = "archived" | "c" | "published" | "b" | "draft" | "a" | 3 | 2 | 1;\nexport const x: Other = "a";\n',
    );
    const again = session.check([`${root}/aaa.ts`]);
    const fresh = new Session(requestOf(one, root), files).check();
    notEqual(again.artifact, null);
    deepEqual(again.artifact, fresh.artifact);
  });

  test("every case, after an edit of one file that says the same: the same result", () => {
    for (const one of findCases()) {
      const root = `/srv/${one.name}`;
      const files = filesOf(one, root);
      const session = new Session(requestOf(one, root), files);
      const first = session.check();
      const edited = first.inputs.findLast((path) => path.endsWith(".ts") && !path.includes("/node_modules/"));
      if (edited === undefined) continue;
      files.write(edited, `${files.readFile(edited) ?? ""}\n// Edited.\n`);
      const second = session.check([edited]);
      deepEqual({ ...second, timings: null }, { ...first, timings: null }, one.name);
    }
  });

  test("types that several files share, after edits of one or the other: the bytes of a first check", () => {
    const root = "/srv/app";
    const files = new OverlayFiles(hostMounts(), prefixed(root, shared));
    const session = new Session({ root, sdkPath, libPath, generator }, files);
    session.check();
    const edits: [string, string, string][] = [
      ["b.ts", "text: string", "text: string | number"],
      ["a.ts", "more: boolean", "more: boolean; added: Tree<Date>"],
      ["model.ts", "label: string", "label: `x-${string}`"],
      ["b.ts", "// Handles.", "// Handles it."],
      ["model.ts", "export const defaults", "\nexport const defaults"],
      ["a.ts", "interface Request", "type Defaults = typeof defaults;\ninterface Request"],
    ];
    const texts: Record<string, string> = { ...shared };
    for (const [name, from, to] of edits) {
      texts[name] = (texts[name] ?? "").replace(from, to);
      files.write(`${root}/${name}`, texts[name]);
      const again = session.check([`${root}/${name}`]);
      const fresh = extractTexts(texts);
      deepEqual(again.diagnostics, fresh.diagnostics);
      notEqual(fresh.artifact, null);
      deepEqual(again.artifact, fresh.artifact, `${name}: ${to}`);
    }
  });

  test("a finding about a type that two files share: stays when one of them is edited", () => {
    const root = "/srv/app";
    const texts = { ...shared, "model.ts": (shared["model.ts"] ?? "").replace("label: string", "label: () => string") };
    const files = new OverlayFiles(hostMounts(), prefixed(root, texts));
    const session = new Session({ root, sdkPath, libPath, generator }, files);
    const first = session.check();
    equal(first.artifact, null);
    files.write(`${root}/a.ts`, "export {};\n");
    const second = session.check([`${root}/a.ts`]);
    deepEqual(
      second.diagnostics.map(({ member }) => member),
      ["b.response.tree.label"],
    );
  });

  test("types met in another order: unions as they are declared", () => {
    const one = readCase("literals-and-unions");
    const root = "/srv/literals-and-unions";
    const files = filesOf(one, root);
    const plain = new Session(requestOf(one, root), files).check();
    files.write(
      `${root}/aaa.ts`,
      'export type Other = "archived" | "c" | "published" | "b" | "draft" | "a" | 3 | 2 | 1;\nexport const x: Other = "a";\n',
    );
    const shuffled = new Session(requestOf(one, root), files).check();
    deepEqual(shuffled.artifact, plain.artifact);
    equal(shuffled.diagnostics.length, 0);
  });
});
