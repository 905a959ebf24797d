// @ts-check
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { path, program, repository } from "../../scripts/repository.mjs";
import { finish } from "./support/command.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { includes } from "./support/includes.mjs";
import { Server } from "./support/server.mjs";

/** @typedef {(...parameters: unknown[]) => Promise<unknown>} Call */
/** @typedef {Error & { status: number, code: string, details: unknown }} APIError */
/** @typedef {{ app: { everything: Call, list: Call, placed: Call, store: Call, file: Call, fail: Call }, with: (options: object) => AppClient }} AppClient */
/** @typedef {{ Client: new (target: string) => AppClient, isAPIError: (error: unknown) => error is APIError, ErrCode: { InvalidArgument: string } }} AppModule */
/** @typedef {{ Client: new (target: string, options: object) => { rooms: { update: Call } } }} ChatModule */

/** Talks to {@link streamServer} and prints what it gets; Node.js 20 has a WebSocket for those who ask for it. */
const streamUser = `
import { Client, StreamError } from "./chat.mjs";
const client = new Client(process.argv[2], { auth: { authorization: "Bearer é", session: "s" } });
const seen = [];

const listen = await client.rooms.listen("a b", { since: 5, device: "d" });
for await (const message of listen) {
  seen.push(message);
  if (message.text === "bye") break;
}

const talk = await client.rooms.talk("r");
await talk.next();
await talk.send({ text: "one" });
await talk.send({ text: "end" });
seen.push(await talk.next(), await talk.next(), await talk.next());

const upload = await client.rooms.upload();
seen.push((await upload.response()).text);
await upload.send({ text: "fail" });
const error = await upload.response().catch((error) => error);
seen.push([error instanceof StreamError, error.code, error.message]);
console.log(JSON.stringify(seen));
`;

const goldens = path("tests/Encore.Cli.Tests/Golden");
const compiler = createRequire(import.meta.url).resolve("typescript/lib/tsc.js");

/** An application that uses every type of JSON, every place and errors. */
const application = `
import { api, APIError, HttpStatus, type Cookie, type Header, type Query } from "encore.dev/api";
import { Decimal } from "encore.dev/types";

interface Tree { name: string; children: Tree[] }
interface Page<T> { items: T[]; next: string | null }
type Shape = { kind: "circle"; radius: number } | { kind: "line"; points: [x: number, y: number][] };

interface Everything {
  text: string;
  flag: boolean;
  nothing: null;
  at: Date;
  big: bigint;
  price: Decimal;
  bytes: Uint8Array;
  tags: Set<string>;
  stock: Map<string, number>;
  shape: Shape;
  trees: Page<Tree>;
  counts: Record<string, number>;
  anything: unknown;
  optional?: string;
}

export const everything = api({ method: "POST", path: "/everything", expose: true }, async (request: Everything): Promise<Everything> => request);

interface Placed {
  id: number;
  page?: number;
  tags?: string[];
  from: Header<"X-From">;
  session?: Cookie<"session">;
}
export const placed = api({ method: "GET", path: "/placed/:id", expose: true }, async (request: Placed) => ({
  id: request.id, page: request.page ?? null, tags: request.tags ?? [], sender: request.from, session: request.session?.value ?? null,
}));

interface Stored { status: HttpStatus; location: Header<"Location">; count: Header<number, "X-Count">; title: string }
export const store = api({ method: "PUT", path: "/notes/:id", expose: true }, async (request: { id: string; title: string; draft?: Query<boolean> }): Promise<Stored> => ({
  status: HttpStatus.Created, location: "/notes/" + request.id, count: request.draft === true ? 0 : 1, title: request.title,
}));

export const file = api({ method: "GET", path: "/files/*rest", expose: true }, async ({ rest }: { rest: string }) => ({ rest }));
export const fail = api({ method: "POST", path: "/fail", expose: true }, async (_: { times?: number }): Promise<void> => {
  throw APIError.notFound("no such thing").withDetails({ looked: "everywhere" });
});
export const list = api({ method: "POST", path: "/list", expose: true }, async (numbers: number[]): Promise<number[]> => numbers.map((number) => number * 2));
`;

/** What an application's user writes; a wrong type is marked as such, and an unused mark is an error. */
const usage = `
import Client, { APIError, ErrCode, isAPIError, Local, Environment, type BaseURL, type ClientOptions, type app } from "./client.ts";

export async function use(client: Client): Promise<app.Everything> {
  const placed = await client.app.placed(5, { from: "me", tags: ["a"] }, { signal: AbortSignal.timeout(1000) });
  const page: number | null = placed.page;
  // @ts-expect-error: it is a number.
  const text: string = placed.id;
  // @ts-expect-error: a header has to be there.
  await client.app.placed(5, {});
  const stored = await client.app.store("7", { title: "t" });
  const count: number = stored.count + (page ?? 0);
  const everything: app.Everything = {
    text, flag: true, nothing: null, at: new Date().toISOString(), big: "1", price: "1.5", bytes: "", tags: ["a"], stock: [["a", count]],
    shape: { kind: "line", points: [[1, 2]] }, trees: { items: [{ name: "a", children: [] }], next: null }, counts: { a: 1 }, anything: [],
  };
  // @ts-expect-error: on the wire it is a text.
  everything.at = new Date();
  const answer = await client.app.everything(everything);
  return answer;
}

export const options: ClientOptions = { requestInit: { headers: { "X-From": "here" } } };
export const targets: BaseURL[] = [Local, Environment("staging")];
export const code = (error: unknown): ErrCode | undefined => (isAPIError(error) && error instanceof APIError ? error.code : undefined);
`;

const settings = {
  compilerOptions: {
    ...{
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
    },
    ...{ noImplicitReturns: true, isolatedModules: true, verbatimModuleSyntax: true, erasableSyntaxOnly: true },
    ...{ module: "esnext", moduleResolution: "bundler", target: "es2022", lib: ["es2022", "dom", "dom.iterable"] },
    ...{ types: [], noEmit: true, allowImportingTsExtensions: true },
  },
  include: ["*.ts"],
};

suite("encore-host gen client", () => {
  const owner = suiteOwner(after);
  /** @type {string} */
  let folder;
  /** @type {Server} */
  let server;
  /** @type {AppClient} */
  let client;
  /** @type {AppModule} */
  let module;

  before(async () => {
    folder = temporaryFolder(owner);
    writeFileSync(join(folder, "package.json"), `{"name":"app","type":"module"}`);
    writeFileSync(join(folder, "app.ts"), application);
    server = await Server.start(owner, program, ["run", "app.ts", "--port", "0"], { cwd: folder });
    const made = await finish(program, ["gen", "client", "app.ts", "-o", "client.mjs"], { cwd: folder });
    assert.equal(made.code, 0, made.stderr);
    module = /** @type {AppModule} */ (await load(join(folder, "client.mjs")));
    client = new module.Client(server.origin);
  });

  test("TypeScript: compiles under strict, with the types that are on the wire", async () => {
    const types = temporaryFolder(owner);
    for (const golden of readdirSync(goldens).filter((name) => /^client-.*\.ts\.txt$/.test(name)))
      cpSync(join(goldens, golden), join(types, golden.replace(/\.txt$/, "")));
    const made = await finish(program, ["gen", "client", "app.ts", "-o", join(types, "client.ts")], { cwd: folder });
    assert.equal(made.code, 0, made.stderr);
    writeFileSync(join(types, "use.ts"), usage);
    writeFileSync(join(types, "tsconfig.json"), JSON.stringify(settings));
    const { code, stdout } = await finish(process.execPath, [compiler, "-p", types], { cwd: repository });
    assert.equal(code, 0, stdout);
  });

  test("the same application gives the same client", async () => {
    const again = await finish(program, ["gen", "client", "app.ts", "--lang", "js"], { cwd: folder });
    assert.equal(again.stdout, readFileSync(join(folder, "client.mjs"), "utf8"));
  });

  test("every type of JSON goes there and comes back", async () => {
    const everything = {
      ...{
        text: "é",
        flag: true,
        nothing: null,
        at: "2024-02-29T12:30:00.500Z",
        big: "9007199254740993",
        price: "1.50",
      },
      ...{ bytes: "AQI=", tags: ["a", "b"], stock: [["tea", 3]], shape: { kind: "line", points: [[1, -2.5]] } },
      trees: { items: [{ name: "root", children: [{ name: "leaf", children: [] }] }], next: null },
      ...{ counts: { a: 1 }, anything: { of: ["any", null] }, optional: "o" },
    };
    assert.deepEqual(await client.app.everything(everything), everything);
    assert.deepEqual(await client.app.list([1, 2]), [2, 4]);
  });

  test("parameters travel in path, query, headers and cookies", async () => {
    const given = { page: 2, tags: ["a b", "c&d"], from: "me", session: "s1" };
    const { placed } = client.app; // handed around by itself
    assert.deepEqual(await placed(5, given), { id: 5, page: 2, tags: ["a b", "c&d"], sender: "me", session: "s1" });
    assert.deepEqual(await placed(5, { from: "x" }), { id: 5, page: null, tags: [], sender: "x", session: null });
    assert.deepEqual(await client.app.file("a b/ü?.txt"), { rest: "a b/ü?.txt" });
    assert.deepEqual(await client.app.file(["a/b", "c"]), { rest: "a/b/c" });
  });

  test("status and headers of an answer are fields of it", async () => {
    const answer = await client.app.store("7", { title: "t", draft: true });
    assert.deepEqual(answer, { title: "t", location: "/notes/7", count: 0, status: 201 });
  });

  test("an error is an APIError with code, message and details", async () => {
    await assert.rejects(client.app.fail(), (error) => {
      assert.ok(module.isAPIError(error));
      const { status, code, message, details } = error;
      assert.deepEqual([status, code, message, details], [404, "not_found", "no such thing", { looked: "everywhere" }]);
      return true;
    });
    await assert.rejects(client.app.list(["x"]), (error) => {
      assert.ok(module.isAPIError(error));
      assert.equal(error.code, module.ErrCode.InvalidArgument);
      assert.match(JSON.stringify(error.details), /"path":"\/0","rule":"type"/);
      return true;
    });
  });

  test("options: a fetcher, headers of every request, and those of one call", async () => {
    /** @type {Headers[]} */
    const sent = [];
    const own = client.with({
      requestInit: { headers: { "X-From": "everywhere", "X-Other": "1" } },
      fetcher: (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
        sent.push(new Headers(init.headers));
        return fetch(url, init);
      },
    });
    const answer = await own.app.placed(1, { from: "params" }, { headers: { "X-Other": "2" } });
    includes(answer, { sender: "params" });
    assert.deepEqual([sent[0]?.get("x-from"), sent[0]?.get("x-other")], ["params", "2"]);
  });

  test("auth: data or a function, in headers, query and cookies", async () => {
    writeFileSync(join(folder, "chat.mjs"), readFileSync(join(goldens, "client-chat.js.txt")));
    const chat = /** @type {ChatModule} */ (await load(join(folder, "chat.mjs")));
    /** @type {[string, Headers][]} */
    const sent = [];
    const fetcher = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      sent.push([url, new Headers(init.headers)]);
      return Promise.resolve(new Response(JSON.stringify({ text: "t" })));
    };
    const auth = { authorization: "Bearer t", key: "k", session: "s" };
    for (const given of [auth, () => auth, () => Promise.resolve(auth)]) {
      await new chat.Client("http://app", { fetcher, auth: given }).rooms.update("r", { text: "t", default: 1 });
    }
    await new chat.Client("http://app", { fetcher, auth: () => undefined }).rooms.update("r", { text: "t" });
    const seen = sent.map(([url, headers]) => [url, headers.get("authorization"), headers.get("cookie")]);
    const authenticated = ["http://app/rooms/r?key=k&default=1", "Bearer t", "session=s"];
    assert.deepEqual(seen, [authenticated, authenticated, authenticated, ["http://app/rooms/r", null, null]]);
  });

  test("streams: messages both ways, the end, a bad end; parameters in query and headers", async () => {
    writeFileSync(join(folder, "chat.mjs"), readFileSync(join(goldens, "client-chat.js.txt")));
    writeFileSync(join(folder, "use.mjs"), streamUser);
    const target = await streamServer(owner);
    const args = ["--experimental-websocket", "--no-warnings", "use.mjs", target];
    const { code, stdout, stderr } = await finish(process.execPath, args, { cwd: folder });
    assert.equal(code, 0, stderr);
    /** @type {unknown} */
    const seen = JSON.parse(stdout);
    const headers = '{"authorization":"Bearer é","x-device":"d","Cookie":"session=s"}';
    assert.deepEqual(seen, [
      { text: `/rooms/a%20b/listen?since=5 ${headers}` },
      { text: "bye" },
      ...[{ text: "one" }, null, null],
      `/upload ${headers.replace('"x-device":"d",', "")}`,
      [true, 1007, "not a message"],
    ]);
  });
});

/**
 * A server of WebSockets (RFC 6455) as streams use them: its first message says what the request brought, then it says what it is told.
 * @param {{ after: (work: () => void) => unknown }} owner
 * @returns {Promise<string>} where it is
 */
function streamServer(owner) {
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    const protocols = String(request.headers["sec-websocket-protocol"]).split(", ");
    const tunnelled = protocols[1]?.replace("encore.dev.headers.", "") ?? "";
    const accept = createHash("sha1")
      .update(`${String(request.headers["sec-websocket-key"])}${websocketKey}`)
      .digest("base64");
    const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write(
      [...head, `Sec-WebSocket-Accept: ${accept}`, `Sec-WebSocket-Protocol: ${protocols[0] ?? ""}`, "", ""].join(
        "\r\n",
      ),
    );
    const headers = Buffer.from(tunnelled, "base64url").toString();
    socket.write(frame(1, JSON.stringify({ text: `${String(request.url)} ${headers}` })));
    if (request.url?.includes("listen") === true) socket.write(frame(1, '{"text":"bye"}'));
    socket.on("error", () => socket.destroy());
    socket.on("data", (/** @type {Buffer} */ data) => {
      for (const { code, payload } of framesOf(data)) {
        if (code === 8) socket.end(frame(8, payload.subarray(0, 2)));
        else if (payload.includes('"fail"'))
          socket.write(frame(8, Buffer.concat([Buffer.from([0x03, 0xef]), Buffer.from("not a message")])));
        else if (payload.includes('"end"')) socket.write(frame(8, Buffer.from([0x03, 0xe8])));
        else socket.write(frame(1, payload));
      }
    });
  });
  owner.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      assert.ok(typeof address === "object" && address !== null);
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

// RFC 6455 section 1.3.
const websocketKey = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** A short frame. @param {number} code @param {string | Buffer} payload */
function frame(code, payload) {
  const bytes = Buffer.from(payload);
  const head = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 255];
  return Buffer.concat([Buffer.from([0x80 | code, ...head]), bytes]);
}

/** The short frames that a client's bytes hold. @param {Buffer} data */
function* framesOf(data) {
  for (let at = 0; at + 6 <= data.length;) {
    const length = (data[at + 1] ?? 0) & 127;
    const mask = data.subarray(at + 2, at + 6);
    const payload = data.subarray(at + 6, at + 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    yield { code: (data[at] ?? 0) & 15, payload: Buffer.from(payload) };
    at += 6 + length;
  }
}

/**
 * A module that was just written.
 * @param {string} file
 * @returns {Promise<unknown>}
 */
async function load(file) {
  /** @type {unknown} */
  const module = await import(pathToFileURL(file).href);
  return module;
}
