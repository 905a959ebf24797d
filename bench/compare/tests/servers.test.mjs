// @ts-check
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { cases, conformanceErrors } from "../conformance.mjs";
import { processTree } from "../proc.mjs";
import { answer } from "../scenarios.mjs";
import { startServer } from "../server.mjs";
import { firstAnswer } from "../startup.mjs";

/**
 * @param {import("node:http").RequestListener} listener
 * @param {(origin: string) => Promise<void>} use
 */
async function withServer(listener, use) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** @type {import("node:http").RequestListener} */
const acceptAll = (_request, response) => {
  response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
};

/**
 * @param {string} program source of a module
 * @returns {import("../contestants.mjs").Contestant}
 */
const contestant = (program) => ({
  name: "express",
  title: "test server",
  validates: true,
  environment: {},
  start: () => ({ command: process.execPath, args: ["--input-type=module", "--eval", program] }),
});

test("conformanceErrors_ServerThatAcceptsEverything_NamesEveryBadRequest", async () => {
  await withServer(acceptAll, async (origin) => {
    const errors = await conformanceErrors(origin, { validates: true });

    assert.deepEqual(
      errors,
      cases.filter(({ valid }) => !valid).map(({ name }) => `${name}: accepted with status 200`),
    );
    assert.deepEqual(await conformanceErrors(origin, { validates: false }), []);
  });
});

test("conformanceErrors_ServerThatRefusesEverything_NamesEveryGoodRequest", async () => {
  const refuseAll = (/** @type {unknown} */ _request, /** @type {import("node:http").ServerResponse} */ response) => {
    response.writeHead(400).end("no");
  };
  await withServer(refuseAll, async (origin) => {
    const errors = await conformanceErrors(origin, { validates: true });

    assert.deepEqual(
      errors,
      cases.filter(({ valid }) => valid).map(({ name }) => `${name}: refused with status 400: no`),
    );
  });
});

test("conformanceErrors_WrongAnswerOrType_IsToldApart", async () => {
  await withServer(
    (_request, response) => void response.setHeader("content-type", "application/json").end('{"message":"Hi"}'),
    async (origin) => {
      assert.match((await conformanceErrors(origin, { validates: false }))[0] ?? "", /answered \{"message":"Hi"\}/);
    },
  );
  await withServer(
    (_request, response) => void response.end(JSON.stringify(answer)),
    async (origin) => {
      assert.match((await conformanceErrors(origin, { validates: false }))[0] ?? "", /content type none/);
    },
  );
});

test("startServer_Server_AnswersAndStopsWithItsProcess", async () => {
  const server = await startServer(
    contestant(`
      import { createServer } from "node:http";
      createServer((_request, response) => response.end("{}")).listen(Number(process.env.PORT), "127.0.0.1");
    `),
  );

  assert.equal(server.startMilliseconds > 0, true);
  assert.equal((await fetch(server.origin)).status, 200);
  await server.stop();
  assert.deepEqual(processTree(server.pid), []);
});

test("startServer_ProgramThatFails_ShowsItsOutput", async () => {
  await assert.rejects(
    startServer(contestant('console.error("no such artifact"); process.exit(3);')),
    (/** @type {Error} */ error) =>
      /test server did not start\nno such artifact/.test(error.message) && /exit code 3/.test(String(error.cause)),
  );
});

test("startServer_MissingProgram_IsAnError", async () => {
  const missing = { ...contestant(""), start: () => ({ command: "/nonexistent/encore-host", args: [] }) };

  await assert.rejects(startServer(missing), (/** @type {Error} */ error) => /ENOENT/.test(String(error.cause)));
});

test("firstAnswer_ServerThatNeverAnswers_EndsWithTheSignal", async () => {
  const silent = createSocketServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (silent.address());
  const gone = new AbortController();
  silent.once("connection", (socket) => {
    socket.on("error", () => undefined);
    gone.abort(new Error("gave up"));
  });

  await assert.rejects(firstAnswer(port, gone.signal), /gave up/);
  silent.close();
});
