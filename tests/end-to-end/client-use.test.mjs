// @ts-check
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { WebSocket } from "ws";
import { program } from "../../scripts/repository.mjs";
import { openPage, startBrowser } from "./support/browser.mjs";
import { finish } from "./support/command.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { Server } from "./support/server.mjs";

/** @typedef {{ use: (target: string, options: object) => Promise<Record<string, unknown>> }} UseModule */

const application = `
import { api, APIError, Gateway, type Cookie, type Header } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";
import type { Min } from "encore.dev/validate";
import { getAuthData } from "~encore/auth";

interface Credentials { authorization: Header<"Authorization"> }
export const auth = authHandler(async ({ authorization }: Credentials): Promise<{ userID: string } | null> => {
  const token = authorization.replace("Bearer ", "");
  return token === "nobody" ? null : { userID: token };
});
export const gateway = new Gateway({ authHandler: auth });

interface Order { id: number; count: number & Min<1>; at: Date }
export const order = api({ method: "POST", path: "/orders/:id", expose: true }, async ({ id, count, at }: Order) => {
  if (id === 404) throw APIError.notFound("no such thing").withDetails({ id });
  return { text: count + " of " + id, at };
});
export const me = api({ method: "GET", path: "/me", expose: true, auth: true }, async () => ({ name: getAuthData()?.userID ?? "" }));

interface Message { text: string }
export const talk = api.streamInOut<{ room: string; device: Header<"X-Device"> }, Message, Message>(
  { path: "/talk/:room", expose: true, auth: true },
  async ({ room, device }, stream) => {
    const name = getAuthData()?.userID;
    for await (const { text } of stream) {
      if (text === "stop") return;
      if (text === "fail") throw APIError.failedPrecondition("enough");
      await stream.send({ text: name + " in " + room + " by " + device + ": " + text });
    }
  },
);
export const count = api.streamIn<Message, { messages: number }>({ path: "/count", expose: true }, async (stream) => {
  let messages = 0;
  for await (const { text } of stream) {
    if (text === "done") break;
    messages++;
  }
  return { messages };
});
export const tick = api.streamOut<{ from: number; session?: Cookie<"session"> }, { tick: number; session: string }>(
  { path: "/tick", expose: true },
  async ({ from, session }, stream) => {
    for (let tick = from; tick < from + 3; tick++) await stream.send({ tick, session: session?.value ?? "" });
  },
);
export const page = api.static({ path: "/!path", expose: true, dir: "./page" });
`;

/** What a client is used for; the same in a browser and in Node.js. */
const use = `
import { Client, ErrCode, isAPIError, StreamError } from "./client.mjs";

const failure = async (promise) => {
  const error = await promise.then(() => assert("no error"), (error) => error);
  if (isAPIError(error)) return { status: error.status, code: error.code, message: error.message, details: error.details };
  return error instanceof StreamError ? { code: error.code, message: error.message } : String(error);
};

export async function use(target, options) {
  const anonymous = new Client(target, options);
  const client = anonymous.with({ auth: { authorization: "Bearer ada" } });
  const seen = {};
  const at = "2026-01-02T03:04:05Z";

  seen.answer = await anonymous.app.order(7, { count: 2, at });
  seen.notFound = await failure(anonymous.app.order(404, { count: 2, at }));
  seen.invalid = await failure(anonymous.app.order(7, { count: 0, at }));
  seen.isCode = ErrCode.NotFound === seen.notFound.code;

  seen.me = await client.app.me();
  seen.anonymous = await failure(anonymous.app.me());
  seen.nobody = await failure(anonymous.with({ auth: { authorization: "Bearer nobody" } }).app.me());

  const talk = await client.app.talk("a b", { device: "é" });
  await talk.send({ text: "hello" });
  seen.heard = await talk.next();
  await talk.send({ text: "stop" });
  seen.end = (await talk.next()) ?? "over";

  const failing = await client.app.talk("r", { device: "d" });
  await failing.send({ text: "fail" });
  seen.failed = await failure(failing.next());
  const wrong = await client.app.talk("r", { device: "d" });
  await wrong.send({ text: 1 });
  seen.wrong = await failure(wrong.next());

  const upload = await anonymous.app.count();
  for (const text of ["a", "b", "c", "done"]) await upload.send({ text });
  seen.count = await upload.response();

  seen.ticks = [];
  for await (const { tick } of await anonymous.app.tick({ from: 5 })) seen.ticks.push(tick);
  return seen;
}
`;

/** What a browser has besides: events, and a socket of its own. Its visitor has a cookie. */
const browserUse = `
import { use } from "./use.mjs";

document.cookie = "session=s1";
const events = new EventSource("/tick?from=1");
const ticks = await new Promise((resolve, reject) => {
  const ticks = [];
  events.onmessage = ({ data, lastEventId }) => {
    ticks.push([lastEventId, JSON.parse(data)]);
    if (ticks.length === 3) resolve(ticks);
  };
  events.onerror = reject;
});
events.close();

const headers = btoa(JSON.stringify({ authorization: "Bearer grace", "x-device": "page" })).replace(/=+$/, "");
const socket = new WebSocket("/talk/r", ["encore-ws", "encore.dev.headers." + headers]);
await new Promise((resolve) => { socket.onopen = resolve; });
socket.send(JSON.stringify({ text: "hi" }));
const heard = await new Promise((resolve) => { socket.onmessage = ({ data }) => resolve(data); });
const closing = new Promise((resolve) => { socket.onclose = ({ code, wasClean }) => resolve([code, wasClean]); });
socket.close(4001);

window.result = { use: await use(location.origin, {}), ticks, socket: [socket.protocol, socket.extensions, heard, await closing] };
`;

const expected = {
  answer: { text: "2 of 7", at: "2026-01-02T03:04:05.000Z" },
  notFound: { status: 404, code: "not_found", message: "no such thing", details: { id: 404 } },
  isCode: true,
  me: { name: "ada" },
  nobody: { status: 401, code: "unauthenticated", message: "unauthenticated", details: null },
  heard: { text: "ada in a b by é: hello" },
  end: "over",
  failed: { code: 1011, message: "enough" },
  wrong: { code: 1007, message: "invalid message: /text: invalid type: integer `1`, expected a string" },
  count: { messages: 3 },
  ticks: [5, 6, 7],
};

suite("a generated client and the host", () => {
  const owner = suiteOwner(after);
  /** @type {string} */
  let folder;
  /** @type {Server} */
  let server;

  before(async () => {
    folder = temporaryFolder(owner);
    mkdirSync(join(folder, "page"));
    writeFileSync(join(folder, "package.json"), `{"name":"app","type":"module"}`);
    writeFileSync(join(folder, "app.ts"), application);
    writeFileSync(join(folder, "page", "use.mjs"), use);
    writeFileSync(join(folder, "page", "browser.mjs"), browserUse);
    writeFileSync(join(folder, "page", "index.html"), `<script type="module" src="browser.mjs"></script>`);
    server = await Server.start(owner, program, ["run", "app.ts", "--port", "0"], { cwd: folder });
    const args = ["gen", "client", "app.ts", "-o", "page/client.mjs"];
    const { code, stderr } = await finish(program, args, { cwd: folder });
    assert.equal(code, 0, stderr);
  });

  test("from Node.js: calls, errors, auth, streams", async () => {
    const module = await /** @type {Promise<UseModule>} */ (
      import(pathToFileURL(join(folder, "page", "use.mjs")).href)
    );
    assertSeen(await module.use(server.origin, { webSocket: WebSocket }));
  });

  test("from Chromium: the same, events, and the browser's own WebSocket", async () => {
    const page = await openPage(await startBrowser(owner), server.origin);
    const result = await page.waitForFunction("window.result");
    const seen = await /** @type {Promise<{ use: Record<string, unknown>, ticks: unknown, socket: unknown[] }>} */ (
      result.jsonValue()
    );
    const [protocol, extensions, heard, closed] = seen.socket;
    assertSeen(seen.use);
    assert.deepEqual(
      seen.ticks,
      [1, 2, 3].map((tick) => [String(tick), { tick, session: "s1" }]),
    );
    assert.equal(protocol, "encore-ws");
    assert.match(String(extensions), /^permessage-deflate/);
    assert.equal(heard, `{"text":"grace in r by page: hi"}`);
    assert.deepEqual(closed, [4001, true]);
  });
});

/** @param {Record<string, unknown>} seen */
function assertSeen({ invalid, anonymous, ...seen }) {
  assert.deepEqual(seen, expected);
  assert.match(JSON.stringify(invalid), /"status":400,"code":"invalid_argument".*"path":"\/count","rule":"min"/);
  assert.match(JSON.stringify(anonymous), /"status":401,"code":"unauthenticated"/);
}
