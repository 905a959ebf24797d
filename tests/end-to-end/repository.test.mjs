// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { repository } from "../../scripts/repository.mjs";
import { finish } from "./support/command.mjs";
import { survivors, tree } from "./support/processes.mjs";
import { Server } from "./support/server.mjs";

test("npm start: serves the blog, says what to try, and Ctrl-C ends all of it cleanly", async (context) => {
  const server = await Server.start(context, "npm", ["start", "--", "--port", "0"], { cwd: repository });

  const curl = await server.line((line) => line.includes("curl http://"));
  const post = /** @type {{ title: string }} */ (await server.json("/blog/1"));
  assert.equal(post.title, "Hello");
  assert.ok(curl.includes(server.origin));
  for (const endpoint of [/GET\s+\/blog\/:id/, /POST\s+\/blog/]) {
    assert.ok(
      server.lines.some((line) => endpoint.test(line)),
      String(endpoint),
    );
  }

  const started = tree(server.pid);
  assert.equal(await server.interrupt(), 0);
  // The database server's last process ends by itself, a moment after the host.
  assert.deepEqual(await survivors(started), []);
});

test("npx encore-host in the repository: what npm run build made", async () => {
  const { code, stdout, stderr } = await finish("npx", ["encore-host", "check", "examples/blog"], { cwd: repository });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /3 endpoints/);
});
