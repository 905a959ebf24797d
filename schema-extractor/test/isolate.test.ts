import { deepEqual, equal, throws } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import type { CheckResult, CompilerFiles, Extractor, FileSystem } from "../src/index.ts";
import { protocolVersion } from "../src/index.ts";
import { extract, filesOf, findCases, home, readCase, requestOf } from "./extraction-cases.ts";
import type { OverlayFiles } from "./overlay-files.ts";

/** What JavaScript has by itself; everything else a fresh context has is Node's, and goes. */
const languageGlobals = new Set(
  "globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape Object Function Array Number Boolean String Symbol Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry SharedArrayBuffer WebAssembly".split(
    " ",
  ),
);

const script = readFileSync(join(home, "dist/extractor.js"), "utf8");

/** Evaluates the extractor as the host does: a bare context that has the host's functions and nothing else. */
function startIsolate(files: FileSystem): Extractor {
  const host: CompilerFiles = {
    readFile: (path) => files.readFile(path) ?? null,
    fileExists: (path) => files.fileExists(path),
    directoryExists: (path) => files.directoryExists(path),
    listDirectory: (path) => JSON.stringify(files.listDirectory(path)),
    realpath: (path) => files.realpath(path),
  };
  const context = createContext({ __compiler: host });
  runInContext(
    `for (const name of Object.getOwnPropertyNames(globalThis))
       if (name !== "__compiler" && !${JSON.stringify([...languageGlobals])}.includes(name)) delete globalThis[name];`,
    context,
  );
  runInContext(script, context, { filename: "extractor.js" });
  return (context as { extractor: Extractor }).extractor;
}

suite("the script in a bare isolate", () => {
  test("evaluated without Node's globals: says what it is", () => {
    const extractor = startIsolate(filesOf(readCase("seed-example"), "/srv/app"));
    deepEqual([extractor.protocol, extractor.typescriptVersion], [protocolVersion, "6.0.3"]);
  });

  test("every case, under another root, folders listed the other way round: the same result and bytes as under Node", () => {
    for (const one of findCases()) {
      // The folder's name may become the application's; the rest of the path must not show.
      const [here, there] = [`/srv/${one.name}`, `/home/somebody/else where/${one.name}`];
      const extractor = startIsolateOnce(filesOf(one, there, { reverse: true }));
      const answer = extractor.run(JSON.stringify({ protocol: protocolVersion, ...requestOf(one, there) }));
      const isolated = JSON.parse(answer.replaceAll(there, here)) as CheckResult;
      const direct = extract(one, here);
      const artifact = direct.artifact === null ? null : Buffer.from(direct.artifact).toString("base64");
      deepEqual({ ...isolated, timings: null }, { ...direct, artifact, timings: null }, one.name);
    }
  });

  test("a session: checks again after a change, and forgets when closed", () => {
    const files = filesOf(readCase("seed-example"), "/srv/app");
    const extractor = startIsolate(files);
    const id = extractor.open(
      JSON.stringify({ protocol: protocolVersion, ...requestOf(readCase("seed-example"), "/srv/app"), entry: null }),
    );
    const first = JSON.parse(extractor.check(id, "")) as CheckResult;
    files.write("/srv/app/app.ts", "const wrong: number = '';\n");
    const second = JSON.parse(extractor.check(id, JSON.stringify(["/srv/app/app.ts"]))) as CheckResult;
    extractor.close(id);
    equal(first.diagnostics.length, 0);
    deepEqual(
      second.diagnostics.map((diagnostic) => diagnostic.code),
      ["TS2322"],
    );
    throws(() => extractor.check(id, ""), /no session/);
  });

  test("a request of another protocol: refused", () => {
    const extractor = startIsolate(filesOf(readCase("seed-example"), "/srv/app"));
    throws(() => extractor.run(JSON.stringify({ protocol: 99 })), /version 99/);
  });
});

/** One context for all cases: starting one takes a quarter of a second. */
let shared: { readonly extractor: Extractor; readonly use: (files: OverlayFiles) => void } | undefined;
function startIsolateOnce(files: OverlayFiles): Extractor {
  if (shared === undefined) {
    const state = { current: files };
    const forward: FileSystem = {
      readFile: (path) => state.current.readFile(path),
      fileExists: (path) => state.current.fileExists(path),
      directoryExists: (path) => state.current.directoryExists(path),
      listDirectory: (path) => state.current.listDirectory(path),
      realpath: (path) => state.current.realpath(path),
    };
    const extractor = startIsolate(forward);
    shared = { extractor, use: (next) => (state.current = next) };
  }
  shared.use(files);
  return shared.extractor;
}
