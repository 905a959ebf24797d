// @ts-check
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { path, program, repository } from "../../scripts/repository.mjs";
import { finish } from "./support/command.mjs";
import { parseJson } from "./support/json.mjs";
import { OpenApi } from "./support/openapi.mjs";
import { Server } from "./support/server.mjs";

const cases = readdirSync(path("tests/cases")).map((name) => {
  const { run } = /** @type {{ run: string }} */ (
    parseJson(readFileSync(path("tests/cases", name, "exchanges.json"), "utf8"))
  );
  return join("tests/cases", name, run);
});

/** Declarations that the extractor's tests read: many kinds of types, few endpoints. */
const declarations = [
  "records-and-indexes",
  "recursive-types",
  "response-shapes",
  "unions-of-objects",
  "validation-rules",
  "wire-types",
].map((name) => join("schema-extractor/testdata", name));

/**
 * @param {string} source
 * @param {...string} options
 */
async function describe(source, ...options) {
  const { code, stdout, stderr } = await finish(program, ["gen", "openapi", source, ...options], { cwd: repository });
  assert.equal(code, 0, stderr);
  return stdout;
}

suite("encore-host gen openapi", () => {
  for (const source of ["examples/blog", ...cases, ...declarations]) {
    test(`${source}: a valid document`, async () => {
      const api = new OpenApi(await describe(source, "--all"));
      await api.assertValid();
      assert.ok(api.operationIds().length > 0);
    });
  }

  test("the same application gives the same document", async () => {
    assert.equal(await describe("examples/blog"), await describe("examples/blog"));
  });

  test("an application's answers are as described", async (context) => {
    const api = new OpenApi(await describe("examples/blog"));
    const server = await Server.start(context, program, ["run", "examples/blog", "--port", "0"], { cwd: repository });
    const json = ["content", "application/json", "schema"];
    const body = { title: "On engines", body: "…", tags: ["#history"] };

    const [post, created, refused, missing] = await Promise.all([
      server.fetch("/blog/1"),
      server.fetch("/blog", {
        method: "POST",
        headers: { "content-type": "application/json", "x-author": "ada" },
        body: JSON.stringify(body),
      }),
      server.fetch("/blog?limit=1000"),
      server.fetch("/blog/99"),
    ]);

    assert.ok(api.validator(["paths", "/blog", "post", "requestBody", ...json])(body));
    await assertFits(post, 200, api.validator(["paths", "/blog/{id}", "get", "responses", "200", ...json]));
    await assertFits(created, 201, api.validator(["paths", "/blog", "post", "responses", "2XX", ...json]));
    await assertFits(refused, 400, api.validator(["components", "responses", "InvalidArgument", ...json]));
    await assertFits(missing, 404, api.validator(["components", "responses", "Error", ...json]));
  });
});

/**
 * @param {Response} response
 * @param {number} status
 * @param {import("ajv").ValidateFunction} validate
 */
async function assertFits(response, status, validate) {
  const answer = await response.json();
  assert.equal(response.status, status, JSON.stringify(answer));
  assert.ok(validate(answer), JSON.stringify([answer, validate.errors]));
}
