// @ts-check
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { path } from "../../scripts/repository.mjs";
import { finish } from "./support/command.mjs";
import { temporaryFolder } from "./support/environment.mjs";
import { install } from "./support/installation.mjs";
import { Server } from "./support/server.mjs";

const snippets = ["README.md", "docs/types.md"].flatMap((file) =>
  [...readFileSync(path(file), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => String(code)),
);

suite("the README, and the page on types", () => {
  const folder = temporaryFolder({ after });
  let command = "";

  before(async () => {
    command = await install(folder);
    mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
    symlinkSync(path("node_modules/@types/node"), join(folder, "node_modules/@types/node"));
    for (const [index, snippet] of snippets.entries()) {
      mkdirSync(join(folder, String(index)));
      writeFileSync(join(folder, String(index), "app.ts"), snippet);
    }
  });

  test("quick start: answers what it says", async (context) => {
    const server = await Server.start(context, command, ["run", "0/app.ts", "--port", "0"], { cwd: folder });
    assert.deepEqual(await server.json("/blog/7"), { id: 7, title: "Post 7" });
    assert.equal((await server.fetch("/blog/x")).status, 400);
  });

  for (const index of snippets.keys()) {
    test(`snippet ${index + 1} is a whole application`, async () => {
      const { code, stderr } = await finish(command, ["check", `${index}/app.ts`], { cwd: folder });
      assert.equal(code, 0, stderr);
    });
  }
});
