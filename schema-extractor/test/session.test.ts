import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { suite, test } from "node:test";
import { Session } from "../src/index.ts";
import { decode, generator, hostMounts, libPath, prefixed, sdkPath } from "./extraction-cases.ts";
import { OverlayFiles } from "./overlay-files.ts";

const root = "/srv/app";
const post = "export interface Post {\n  id: number;\n}\n";
const app =
  'import { api } from "encore.dev/api";\nimport type { Post } from "./post.ts";\nexport const get = api({ path: "/get" }, async (post: Post) => post);\n';

function open(texts: Readonly<Record<string, string>>): { files: OverlayFiles; session: Session } {
  const files = new OverlayFiles(hostMounts(), prefixed(root, texts));
  return { files, session: new Session({ root, sdkPath, libPath, generator }, files) };
}

function codes(extraction: { diagnostics: readonly { code: string }[] }): string[] {
  return extraction.diagnostics.map((diagnostic) => diagnostic.code);
}

suite("a session", () => {
  test("nothing changed: reads nothing again, and gives the same", () => {
    const { files, session } = open({ "app.ts": app, "post.ts": post });
    const first = session.check();
    const reads = files.reads;
    const second = session.check([]);
    equal(files.reads, reads);
    deepEqual(second.artifact, first.artifact);
  });

  test("a type changed in another file: the endpoint's schema follows", () => {
    const { files, session } = open({ "app.ts": app, "post.ts": post });
    const first = session.check();
    files.write(`${root}/post.ts`, post.replace("number", "string"));
    const second = session.check([`${root}/post.ts`]);
    notEqual(JSON.stringify(decode(second.artifact ?? fail())), JSON.stringify(decode(first.artifact ?? fail())));
    files.write(`${root}/post.ts`, post);
    deepEqual(session.check([`${root}/post.ts`]).artifact, first.artifact);
  });

  test("an error made and mended: reported, then gone", () => {
    const { files, session } = open({ "app.ts": app, "post.ts": post });
    session.check();
    files.write(`${root}/post.ts`, "export interface Post {\n  id: Missing;\n}\n");
    deepEqual(codes(session.check([`${root}/post.ts`])), ["TS2304"]);
    files.write(`${root}/post.ts`, post);
    deepEqual(codes(session.check([`${root}/post.ts`])), []);
  });

  test("a missing file created: its import resolves", () => {
    const { files, session } = open({ "app.ts": app });
    deepEqual(codes(session.check()), ["TS2307"]);
    files.write(`${root}/post.ts`, post);
    deepEqual(codes(session.check([`${root}/post.ts`])), []);
  });

  test("a file deleted: its endpoints are gone", () => {
    const other = 'import { api } from "encore.dev/api";\nexport const other = api({}, async () => {});\n';
    const { files, session } = open({ "app.ts": app, "post.ts": post, "other.ts": other });
    deepEqual(session.check().modules, ["app.ts", "other.ts"]);
    files.remove(`${root}/other.ts`);
    deepEqual(session.check([`${root}/other.ts`]).modules, ["app.ts"]);
  });

  for (const [version, found] of [
    ["1.35.3", []],
    ["0.9.0", []],
    ["1.58.0", ["TS2339"]],
  ] as const) {
    test(`the official package ${version} installed: ${found.length === 0 ? "passed over" : "its declarations hold"}`, () => {
      const { session } = open({
        "app.ts":
          'import { api } from "encore.dev/api";\nexport const raw = api.raw({ path: "/" }, (request) => void request.url);\n',
        "node_modules/encore.dev/package.json": JSON.stringify({
          name: "encore.dev",
          version,
          type: "module",
          exports: { "./api": { types: "./api.d.ts" } },
        }),
        "node_modules/encore.dev/api.d.ts":
          "export declare function api(options: object, handler: Function): unknown;\n",
      });
      deepEqual(codes(session.check()).slice(0, 1), found);
    });
  }

  test("changes unknown: finds them by itself", () => {
    const { files, session } = open({ "app.ts": app, "post.ts": post });
    session.check();
    files.write(`${root}/app.ts`, app.replace("/get", "/got"));
    files.write(
      `${root}/new.ts`,
      'import { api } from "encore.dev/api";\nexport const fresh = api({}, async () => {});\n',
    );
    const second = session.check();
    deepEqual(second.modules, ["app.ts", "new.ts"]);
    ok(JSON.stringify(decode(second.artifact ?? fail())).includes('"got"'));
  });

  test("a tsconfig.json added: its options hold", () => {
    const { files, session } = open({ "app.ts": `${app}export let later: string;\nlater = null;\n`, "post.ts": post });
    deepEqual(codes(session.check()), ["TS2322"]);
    files.write(`${root}/tsconfig.json`, '{ "compilerOptions": { "strict": false } }');
    const second = session.check([`${root}/tsconfig.json`]);
    deepEqual(codes(second), []);
    equal(second.configFile, `${root}/tsconfig.json`);
  });

  test("inputs: the application's sources and configuration, nothing of the host's", () => {
    const { session } = open({
      "app.ts": app,
      "post.ts": post,
      "package.json": '{ "name": "shop" }',
      "unused.json": "{}",
    });
    const { inputs, folders, sdkImports, name } = session.check();
    deepEqual(inputs, [`${root}/app.ts`, `${root}/package.json`, `${root}/post.ts`]);
    deepEqual(folders, [root]);
    deepEqual(sdkImports, ["encore.dev/api"]);
    equal(name, "shop");
  });
});

function fail(): never {
  throw new Error("There is no artifact.");
}
