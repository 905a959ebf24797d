// @ts-check
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import { build } from "esbuild";
import { program, repository } from "../../scripts/repository.mjs";
import { userEnvironment } from "./support/environment.mjs";

const files = {
  "package.json": '{ "name": "shop", "type": "module" }',
  "catalog/catalog.ts": `import { api, APIError } from "encore-host/api";
interface Item { id: number }
export const find = api({}, async ({ id }: Item): Promise<{ name: string }> => {
  if (id === 0) throw APIError.notFound("no such item");
  return { name: "kettle " + id };
});
export const watch = api.streamOut<Item, { price: number }>({ path: "/watch/:id" }, async ({ id }, stream) => {
  for (const price of [id, id + 1]) await stream.send({ price });
});
`,
  "orders/orders.ts": `import { api } from "encore-host/api";
import { getAuthData } from "~encore/auth";
import { catalog } from "~encore/clients";
export const buy = api({}, async ({ id }: { id: number }): Promise<{ text: string }> => {
  const { name } = await catalog.find({ id });
  const prices: number[] = [];
  for await (const { price } of await catalog.watch({ id })) prices.push(price);
  return { text: [name, ...prices, getAuthData()?.userID ?? "nobody"].join() };
});
`,
  "orders/orders.test.ts": `import assert from "node:assert/strict";
import { test } from "node:test";
import { buy } from "./orders";
test("buys", async () => assert.deepEqual(await buy({ id: 3 }), { text: "kettle 3,3,4,nobody" }));
test("fails", async () => assert.rejects(buy({ id: 0 }), { name: "APIError", code: "not_found" }));
`,
};

suite("unit tests of an application", () => {
  test("run without a host, calls between services included", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "encore-host-unit-tests-"));
    context.after(() => rmSync(folder, { recursive: true }));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(repository, "ts-sdk"), join(folder, "node_modules/encore-host"));

    const generated = spawnSync(program, ["gen", "clients"], { cwd: folder, encoding: "utf8" });
    assert.equal(generated.stderr, "");
    assert.match(generated.stdout, /^generated 5 files → encore\.gen\n$/);

    // What Vitest does with its alias.
    await build({
      absWorkingDir: folder,
      entryPoints: ["orders/orders.test.ts"],
      outfile: join(folder, "orders.test.mjs"),
      bundle: true,
      format: "esm",
      platform: "node",
      alias: { "~encore": join(folder, "encore.gen") },
      logLevel: "error",
    });
    const run = spawnSync(process.execPath, ["--test", "orders.test.mjs"], {
      cwd: folder,
      env: userEnvironment(),
      encoding: "utf8",
    });
    assert.equal(run.status, 0, run.stdout);
    assert.match(run.stdout, /# pass 2/);
  });
});
