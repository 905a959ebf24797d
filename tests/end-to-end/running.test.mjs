// @ts-check
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { finish } from "./support/command.mjs";
import { temporaryFolder } from "./support/environment.mjs";
import { install } from "./support/installation.mjs";
import { parseJson } from "./support/json.mjs";
import { Server } from "./support/server.mjs";

const application = `import { api, APIError } from "encore.dev/api";
import log from "encore.dev/log";

interface Deep {
  level: number;
}

function fail({ level }: Deep): never {
  throw new Error(\`too deep: \${level}\`);
}

export const broken = api({ method: "GET", path: "/broken", expose: true }, async (): Promise<void> => {
  await Promise.resolve();
  fail({ level: 3 });
});

export const refused = api({ method: "GET", path: "/refused", expose: true }, async (): Promise<void> => {
  throw APIError.permissionDenied("not today").withDetails({ until: "tomorrow" });
});

export const logged = api({ method: "GET", path: "/logged", expose: true }, async (): Promise<void> => {
  log.with({ part: "end-to-end" }).info("said", { count: 2 });
});

export const slow = api({ method: "GET", path: "/slow", expose: true }, async (): Promise<{ said: string }> => {
  log.info("begun");
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { said: "done" };
});

export const hidden = api({ method: "GET", path: "/hidden" }, async (): Promise<void> => {});
`;

suite("a running application", () => {
  const folder = temporaryFolder({ after });
  let command = "";
  /** @param {{ after: (work: () => void) => void }} owner @param {Record<string, string>} [env] */
  const start = (owner, env = {}) =>
    Server.start(owner, command, ["run", "app.ts", "--port", "0"], { cwd: folder, env });

  before(async () => {
    command = await install(folder);
    writeFileSync(join(folder, "app.ts"), application);
  });

  test("an error in a handler: 500 for the caller, the stack of the TypeScript source in the log", async (context) => {
    const server = await start(context, { NODE_ENV: "production" });

    const response = await server.fetch("/broken");
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { code: "internal", message: "an internal error occurred", details: null });

    const line = await server.line((text) => text.includes('"stack"'));
    const { error, stack } = /** @type {{ error: string, stack: string }} */ (parseJson(line));
    assert.match(error, /too deep: 3/);
    assert.match(stack, /at fail \(app\.ts:9:9\)/);
    assert.match(stack, /app\.ts:14:3/);
  });

  test("an APIError: its own status, code and details", async (context) => {
    const server = await start(context);
    const response = await server.fetch("/refused");
    assert.equal(response.status, 403);
    assert.deepEqual(await response.json(), {
      code: "permission_denied",
      message: "not today",
      details: { until: "tomorrow" },
    });
  });

  test("log lines carry fields; those about a request its trace id", async (context) => {
    const server = await start(context);
    const trace = (await server.fetch("/logged")).headers.get("x-encore-trace-id");
    const line = /** @type {Record<string, unknown>} */ (
      parseJson(await server.line((text) => text.includes('"message":"said"')))
    );
    assert.equal(line["level"], "info");
    assert.equal(line["part"], "end-to-end");
    assert.equal(line["count"], 2);
    await server.line(
      (text) => text.includes('"message":"request completed"') && text.includes(`"trace_id":"${trace}"`),
    );
  });

  test("what isn't exposed isn't there", async (context) => {
    const server = await start(context);
    for (const path of ["/hidden", "/nowhere"]) {
      const response = await server.fetch(path);
      assert.equal(response.status, 404);
      assert.equal(/** @type {{ message: string }} */ (await response.json()).message, "endpoint not found");
    }
  });

  test("SIGTERM: requests under way are answered, the exit code is 0", async (context) => {
    const server = await start(context);
    const answer = server.json("/slow");
    await server.line((text) => text.includes('"message":"begun"'));
    server.child.kill("SIGTERM");
    assert.deepEqual(await answer, { said: "done" });
    assert.equal(await server.ended, 0);
  });

  test("a port in use: one clear line, exit code 3", async (context) => {
    const other = createServer();
    context.after(() => other.close());
    await new Promise((resolve) =>
      other.listen(0, "127.0.0.1", () => {
        resolve(undefined);
      }),
    );
    const port = String(/** @type {import("node:net").AddressInfo} */ (other.address()).port);

    const { code, stderr } = await finish(command, ["run", "app.ts", "--port", port], { cwd: folder });
    assert.equal(code, 3);
    assert.match(stderr, new RegExp(`error: .*${port}`));
    assert.doesNotMatch(stderr, /^\s+at /m);
  });

  for (const [title, args, code] of /** @type {const} */ ([
    ["a flag that doesn't exist", ["run", "app.ts", "--prot", "1"], 2],
    ["a port that is none", ["run", "app.ts", "--port", "http"], 2],
    ["a file that doesn't exist", ["run", "missing.ts"], 2],
    ["a bundle that doesn't exist", ["inspect", "missing.pb"], 2],
    ["an artifact that is none", ["inspect", "app.ts"], 1],
  ])) {
    test(`${title}: a clear line, exit code ${code}`, async () => {
      const finished = await finish(command, args, { cwd: folder });
      assert.equal(finished.code, code, finished.stderr);
      assert.match(finished.stderr, /^error: /m);
      assert.doesNotMatch(finished.stderr, /^\s+at /m);
    });
  }

  test("a syntax error in plain JavaScript: file, line and column before anything starts", async () => {
    writeFileSync(
      join(folder, "plain.js"),
      'import { api } from "encore.dev/api";\nexport const a = api({, () => {});\n',
    );
    const { code, stderr } = await finish(command, ["run", "plain.js"], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /plain\.js:2:\d+/);
  });
});
