// @ts-check
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { program } from "../../scripts/repository.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { Server } from "./support/server.mjs";
import { refused, Socket } from "./support/websocket.mjs";

const application = `
import { api, type Header, type Query } from "encore.dev/api";

interface Message { text: string }

export const echo = api.streamInOut<Message, Message>({ path: "/echo", expose: true }, async (stream) => {
  for await (const message of stream) await stream.send(message);
});

interface Who { room: string; page: Query<number>; device: Header<"X-Device"> }
export const who = api.streamOut<Who, Who>({ path: "/who/:room", expose: true }, async (handshake, stream) => {
  await stream.send(handshake);
});

// Takes nothing before it is released.
let release = () => {};
const released = new Promise<void>((resolve) => { release = resolve; });
export const take = api({ method: "POST", path: "/take", expose: true }, async () => release());
export const held = api.streamIn<Message, { messages: number }>({ path: "/held", expose: true }, async (stream) => {
  await released;
  let messages = 0;
  while ((await stream.recv()).text !== "done") messages++;
  return { messages };
});

// Says how far it came when a message waits for a second.
let stall: (sent: number) => void = () => {};
const stalled = new Promise<number>((resolve) => { stall = resolve; });
export const whenStalled = api({ method: "GET", path: "/stalled", expose: true }, async () => ({ sent: await stalled }));
export const flood = api.streamOut<{ messages: number }, { index: number; text: string }>(
  { path: "/flood", expose: true },
  async ({ messages }, stream) => {
    for (let index = 0; index < messages; index++) {
      const timer = setTimeout(() => stall(index), 1000);
      await stream.send({ index, text: "x".repeat(8192) });
      clearTimeout(timer);
    }
  },
);
`;

/** More than the buffers of both ends' systems hold. */
const manyMessages = 8_000;
const longText = "x".repeat(8192);

suite("streams and the package ws", () => {
  const owner = suiteOwner(after);
  /** @type {Server} */
  let server;

  before(async () => {
    const folder = temporaryFolder(owner);
    writeFileSync(join(folder, "app.ts"), application);
    server = await Server.start(owner, program, ["run", "app.ts", "--port", "0"], { cwd: folder });
  });

  test("handshake: path, query, headers, and the subprotocol of those offered", async () => {
    const options = { protocols: ["other", "encore-ws"], headers: { "X-Device": "d" } };
    const socket = await Socket.open(server.origin, "/who/a%20b?page=3", options);
    assert.equal(socket.socket.protocol, "encore-ws");
    assert.deepEqual(JSON.parse(await socket.next()), { room: "a b", page: 3, device: "d" });
    assert.deepEqual(await socket.closed, { code: 1000, reason: "" });
  });

  test("handshake: headers inside a subprotocol", async () => {
    const tunnel = Buffer.from(JSON.stringify({ "x-device": "Gerät" })).toString("base64url");
    const protocols = ["encore-ws", `encore.dev.headers.${tunnel}`];
    const socket = await Socket.open(server.origin, "/who/r?page=1", { protocols });
    assert.equal(socket.socket.protocol, "encore-ws");
    assert.deepEqual(JSON.parse(await socket.next()), { room: "r", page: 1, device: "Gerät" });
  });

  test("handshake: what is wrong with it is an answer", async () => {
    const target = server.origin.replace("http", "ws");
    const missing = await refused(`${target}/who/r?page=x`);
    assert.equal(missing.status, 400);
    assert.match(missing.body, /"code":"invalid_argument"/);
    assert.equal((await refused(`${target}/nowhere`)).status, 404);
  });

  test("permessage-deflate: agreed, and used both ways", async () => {
    const { port } = new URL(server.origin);
    const connection = connect(Number(port), "127.0.0.1");
    const options = { perMessageDeflate: { threshold: 0 }, createConnection: () => connection };
    const socket = await Socket.open(server.origin, "/echo", options);
    assert.equal(socket.socket.extensions, "permessage-deflate");
    const text = JSON.stringify({ text: "compressible ".repeat(50_000) });
    socket.socket.send(text);
    assert.equal(await socket.next(), text);
    for (const bytes of [connection.bytesRead, connection.bytesWritten]) {
      assert.ok(bytes < text.length / 20, `${bytes} bytes for ${text.length}`);
    }
    await socket.close();

    const plain = await Socket.open(server.origin, "/echo", { perMessageDeflate: false });
    assert.equal(plain.socket.extensions, "");
    plain.socket.send(text);
    assert.equal(await plain.next(), text);
    await plain.close();
  });

  test("ping: answered with what it carries, before and between messages", async () => {
    const { socket } = await Socket.open(server.origin, "/echo");
    for (const payload of ["", "p", "x".repeat(125)]) {
      socket.ping(payload);
      const pong = /** @type {[Buffer]} */ (await once(socket, "pong"));
      assert.equal(pong[0].toString(), payload);
    }
    socket.close();
  });

  test("close: the client's code comes back", async () => {
    for (const code of [1000, 1001, 3000, 4999]) {
      const socket = await Socket.open(server.origin, "/echo");
      assert.equal((await socket.close(code)).code, code);
    }
    const silent = await Socket.open(server.origin, "/echo");
    assert.equal((await silent.close()).code, 1005);
  });

  test("close: 1003 for bytes, 1007 for what doesn't fit, 1009 for too much", async () => {
    const cases = [
      { data: Buffer.from("{}"), code: 1003, reason: /text frames/ },
      { data: "{", code: 1007, reason: /^invalid message/ },
      { data: `{"text":1}`, code: 1007, reason: /^invalid message: \/text: / },
      { data: JSON.stringify({ text: "x".repeat(2 ** 21) }), code: 1009, reason: /limit is 2097152 bytes/ },
    ];
    for (const { data, code, reason } of cases) {
      const socket = await Socket.open(server.origin, "/echo", { perMessageDeflate: false });
      socket.socket.send(data);
      const closed = await socket.closed;
      assert.equal(closed.code, code);
      assert.match(closed.reason, reason);
    }
  });

  test("messages: of 2 MB, and in a thousand fragments", async () => {
    const socket = await Socket.open(server.origin, "/echo");
    const text = JSON.stringify({ text: "é".repeat(1_000_000) });
    socket.socket.send(text);
    assert.equal(await socket.next(), text);

    const bytes = Buffer.from(JSON.stringify({ text: "é".repeat(50_000) }));
    const size = Math.ceil(bytes.length / 1000);
    for (let at = 0; at < bytes.length; at += size) {
      socket.socket.send(bytes.subarray(at, at + size), { fin: at + size >= bytes.length, binary: false });
      if (at === size) socket.socket.ping();
    }
    assert.equal(await socket.next(), bytes.toString());
    await socket.close();
  });

  test("back-pressure: a client whose messages aren't taken has to wait", async () => {
    const socket = await Socket.open(server.origin, "/held", { perMessageDeflate: false });
    for (let i = 0; i < manyMessages; i++) socket.send({ text: longText });
    socket.send({ text: "done" });
    await allButStuck(socket.socket);
    assert.ok(socket.socket.bufferedAmount > 0, "the host holds none of it back");
    await server.fetch("/take", { method: "POST" });
    assert.equal(await socket.next(), `{"messages":${manyMessages}}`);
    assert.equal(socket.socket.bufferedAmount, 0);
    await socket.closed;
  });

  test("back-pressure: a handler whose client doesn't read has to wait", async () => {
    const options = { perMessageDeflate: false };
    const socket = await Socket.open(server.origin, `/flood?messages=${manyMessages}`, options);
    socket.socket.pause();
    const { sent } = /** @type {{ sent: number }} */ (await server.json("/stalled"));
    assert.ok(sent < manyMessages, `${sent} messages went to nobody`);
    socket.socket.resume();
    for (let index = 0; index < manyMessages; index++) {
      assert.equal(await socket.next(), JSON.stringify({ index, text: longText }));
    }
    assert.equal((await socket.closed).code, 1000);
  });

  test("a thousand idle sockets: each still answers", async () => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => Socket.open(server.origin, "/echo")));
    const echoes = await Promise.all(
      sockets.map((socket, index) => {
        socket.send({ text: String(index) });
        return socket.next();
      }),
    );
    assert.deepEqual(
      echoes,
      Array.from(echoes, (_, index) => JSON.stringify({ text: String(index) })),
    );
    const closed = await Promise.all(sockets.map((socket) => socket.close(1000)));
    assert.ok(closed.every(({ code }) => code === 1000));
  });
});

/**
 * Waits until what is left to send has stayed the same for a second.
 * @param {import("ws").WebSocket} socket
 */
async function allButStuck(socket) {
  let last;
  do {
    last = socket.bufferedAmount;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  } while (socket.bufferedAmount !== last);
}
