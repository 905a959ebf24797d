// @ts-check
import assert from "node:assert/strict";
import { cpSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { path } from "../../scripts/repository.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { includes } from "./support/includes.mjs";
import { install } from "./support/installation.mjs";
import { parseJson } from "./support/json.mjs";
import { Server } from "./support/server.mjs";

/**
 * @typedef {object} Exchange one request and what has to come back
 * @property {string} title
 * @property {string} [method] GET if left out
 * @property {string} path
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body] sent as JSON
 * @property {string} [text] sent as it is
 * @property {{ status: number, headers?: Record<string, string>, body?: unknown, exactly?: unknown }} answer
 * `body` names what has to be in it, `exactly` all of it; "" is an empty body
 */

// Every folder in tests/cases is an application with its exchanges, in order, against one server.
for (const name of readdirSync(path("tests/cases")).sort()) {
  const { run, exchanges } = /** @type {{ run: string, exchanges: Exchange[] }} */ (
    parseJson(readFileSync(path("tests/cases", name, "exchanges.json"), "utf8"))
  );

  suite(`application ${name}`, () => {
    const owner = suiteOwner(after);
    const folder = temporaryFolder(owner);
    /** @type {Server} */
    let server;

    before(async () => {
      const command = await install(folder);
      cpSync(path("tests/cases", name), join(folder, name), { recursive: true });
      server = await Server.start(owner, command, ["run", run, "--port", "0"], { cwd: join(folder, name) });
    });

    for (const exchange of exchanges) {
      test(exchange.title, async () => {
        const response = await server.fetch(exchange.path, requestOf(exchange));
        const text = await response.text();
        const { status, headers = {}, body, exactly } = exchange.answer;
        assert.equal(response.status, status, text);
        for (const [header, value] of Object.entries(headers))
          assert.equal(response.headers.get(header), value, header);
        const answer = /** @type {unknown} */ (text === "" ? "" : parseJson(text));
        if (exactly !== undefined) assert.deepEqual(answer, exactly);
        if (body !== undefined) includes(answer, body);
      });
    }
  });
}

/**
 * @param {Exchange} exchange
 * @returns {RequestInit}
 */
function requestOf({ method = "GET", headers = {}, body, text }) {
  if (body === undefined && text === undefined) return { method, headers };
  return {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: text ?? JSON.stringify(body),
  };
}
