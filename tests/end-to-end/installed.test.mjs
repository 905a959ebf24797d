// @ts-check
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { finish } from "./support/command.mjs";
import { temporaryFolder } from "./support/environment.mjs";
import { install, mainTarball, platformTarball } from "./support/installation.mjs";
import { parseJson } from "./support/json.mjs";
import { children, executable, isRunning, tree } from "./support/processes.mjs";
import { Server } from "./support/server.mjs";

const application = `import { api } from "encore.dev/api";

interface BlogPost {
  id: number;
  title: string;
}

let calls = 0;

export const getPost = api(
  { method: "GET", path: "/blog/:id", expose: true },
  async ({ id }: { id: number }): Promise<BlogPost> => ({ id, title: \`Post \${++calls}\` }),
);
`;

suite("encore-host, installed in an empty folder", () => {
  const folder = temporaryFolder({ after });
  let command = "";

  before(async () => {
    command = await install(folder);
    writeFileSync(join(folder, "app.ts"), application);
  });

  test("run app.ts: answers, and refuses what the types don't allow without calling the handler", async (context) => {
    const server = await Server.start(context, command, ["run", "app.ts", "--port", "0"], { cwd: folder });

    const refused = await server.fetch("/blog/x");
    assert.equal(refused.status, 400);
    const error = /** @type {{ code: string, message: string }} */ (await refused.json());
    assert.equal(error.code, "invalid_argument");
    assert.equal(error.message, "path parameter is not a valid number");

    assert.deepEqual(await server.json("/blog/7"), { id: 7, title: "Post 1" });
    assert.equal(await server.stop(), 0);
  });

  test("run: the command becomes the program; no other process stays", async (context) => {
    const server = await Server.start(context, command, ["run", "app.ts", "--port", "0"], { cwd: folder });

    assert.match(executable(server.pid), /node_modules\/@encore-host\/[^/]+\/encore-host$/);
    assert.deepEqual(children(server.pid), []);
  });

  test("npx encore-host run: Ctrl-C ends all of it", async (context) => {
    const server = await Server.start(context, "npx", ["encore-host", "run", "app.ts", "--port", "0"], { cwd: folder });

    assert.deepEqual(await server.json("/blog/1"), { id: 1, title: "Post 1" });
    // The exit code is npx's own: where its shell waits for the program, the shell ends by the signal.
    const started = tree(server.pid);
    await server.interrupt();
    assert.deepEqual(started.filter(isRunning), []);
    assert.ok(!server.lines.some((line) => line.includes("rror")), server.lines.join("\n"));
  });

  test("build, then run app.js: the same answers", async (context) => {
    const built = await finish(command, ["build", "app.ts", "-o", "out"], { cwd: folder });
    assert.equal(built.code, 0, built.stderr);
    assert.deepEqual(readdirSync(join(folder, "out")).sort(), ["app.js", "app.js.map", "app.schema.pb"]);

    const server = await Server.start(context, command, ["run", "out/app.js", "--port", "0"], { cwd: folder });
    assert.deepEqual(await server.json("/blog/7"), { id: 7, title: "Post 1" });
    assert.equal((await server.fetch("/blog/x")).status, 400);
  });

  test("build: the same sources give the same bytes, in another folder too", async (context) => {
    const elsewhere = temporaryFolder(context);
    const otherCommand = await install(elsewhere);
    writeFileSync(join(elsewhere, "app.ts"), application);

    for (const [at, program] of /** @type {const} */ ([
      [folder, command],
      [elsewhere, otherCommand],
    ])) {
      writeFileSync(join(at, "package.json"), JSON.stringify({ name: "same", private: true }));
      const { code, stderr } = await finish(program, ["build", "app.ts", "-o", "twice"], { cwd: at });
      assert.equal(code, 0, stderr);
    }
    for (const file of ["app.js", "app.js.map", "app.schema.pb"]) {
      assert.deepEqual(readFileSync(join(folder, "twice", file)), readFileSync(join(elsewhere, "twice", file)), file);
    }
  });

  test("check: writes nothing", async (context) => {
    const untouched = temporaryFolder(context);
    writeFileSync(join(untouched, "app.ts"), application);
    const { code, stdout, stderr } = await finish(command, ["check", "app.ts"], { cwd: untouched });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /1 endpoint/);
    assert.deepEqual(readdirSync(untouched), ["app.ts"]);
  });

  test("check: every error with its place and a way out, exit code 1", async () => {
    const source = `import { api } from "encore.dev/api";
interface Wrong { when: () => void }
export const first = api({ expose: true }, async (): Promise<Wrong> => ({ when: () => {} }));
export const second = api({ expose: true }, async (): Promise<{ count: number }> => ({ count: "one" }));
`;
    mkdirSync(join(folder, "wrong"));
    writeFileSync(join(folder, "wrong", "app.ts"), source);
    const { code, stderr } = await finish(command, ["check", "wrong/app.ts"], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /wrong\/app\.ts:2:\d+/);
    assert.match(stderr, /wrong\/app\.ts:4:\d+/);
    assert.match(stderr, /when/);
  });

  test("inspect: readable, and as JSON", async () => {
    const built = await finish(command, ["build", "app.ts", "-o", "inspected"], { cwd: folder });
    assert.equal(built.code, 0, built.stderr);

    const readable = await finish(command, ["inspect", "inspected/app.schema.pb"], { cwd: folder });
    assert.match(readable.stdout, /GET \/blog\/:id/);
    const json = await finish(command, ["inspect", "inspected/app.schema.pb", "--json"], { cwd: folder });
    const schema = /** @type {{ endpoints: { name: string }[] }} */ (parseJson(json.stdout));
    assert.deepEqual(
      schema.endpoints.map(({ name }) => name),
      ["getPost"],
    );
  });

  test("the installed files can be read by everyone, and only the programs be run", () => {
    const platform = join(folder, "node_modules/@encore-host");
    const [name] = readdirSync(platform);
    const mode = (/** @type {string} */ file) => statSync(join(platform, String(name), file)).mode & 0o777;
    assert.equal(mode("encore-host"), 0o755);
    assert.equal(mode("encore-host.dll"), 0o644);
  });
});

test("both tarballs, named as on a machine without the first one's folder", async (context) => {
  const folder = temporaryFolder(context);
  const command = await install(folder, mainTarball, platformTarball);
  const { code, stdout } = await finish(command, ["--version"], { cwd: folder });
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test("without the platform's package: one message that says what to do", async (context) => {
  const folder = temporaryFolder(context);
  const command = await install(folder, "--omit=optional", mainTarball);
  const { code, stderr } = await finish(command, ["--version"], { cwd: folder });
  assert.equal(code, 1);
  assert.match(stderr, /@encore-host\/\S+, which holds the program, isn't installed/);
});

test("for editors: TypeScript finds encore.dev by its alias, and encore-host", async (context) => {
  const folder = temporaryFolder(context);
  await install(folder, "--omit=optional", `encore.dev@file:${mainTarball}`, mainTarball);
  writeFileSync(join(folder, "app.ts"), application);
  writeFileSync(join(folder, "same.ts"), application.replace("encore.dev", "encore-host"));
  for (const resolution of [
    ["--module", "nodenext"],
    ["--module", "esnext", "--moduleResolution", "bundler"],
  ]) {
    const compiler = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--target",
      "es2024",
      "--lib",
      "es2024",
      "--types",
      "encore-host/globals",
      ...resolution,
    ];
    const { code, stdout } = await finish(process.execPath, [compiler, ...options, "app.ts", "same.ts"], {
      cwd: folder,
    });
    assert.equal(code, 0, stdout);
  }
});
