// @ts-check
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { path, program, repository } from "../../scripts/repository.mjs";
import { userEnvironment } from "./support/environment.mjs";
import { Server } from "./support/server.mjs";
import { refused, Socket } from "./support/websocket.mjs";

const key = [{ type: "key", id: 1, key: { $env: "SERVICE_KEY" } }];
const environment = { SERVICE_KEY: "the hosts' secret" };

suite("examples/shop in several processes", () => {
  test("services call each other over HTTP; one that is gone is unavailable, and comes back", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "encore-host-several-"));
    context.after(() => rmSync(folder, { recursive: true }));
    /**
     * @param {string} service
     * @param {object} configuration
     * @param {string} [port]
     */
    const start = async (service, configuration, port = "0") => {
      const file = join(folder, `${service}.json`);
      writeFileSync(file, JSON.stringify({ hosted_services: [service], auth: key, ...configuration }));
      const flags = ["run", "examples/shop", "--port", port, "--infra-config", file];
      return Server.start(context, program, flags, { cwd: repository, env: environment });
    };
    const catalog = await start("catalog", { hosted_gateways: [] });
    const customers = await start("customers", {});
    const orders = await start("orders", {
      service_discovery: { catalog: { base_url: catalog.origin }, customers: { base_url: customers.origin } },
    });
    /** @param {object} line */
    const buy = async (line) => {
      const headers = { authorization: "Bearer ada" };
      const response = await orders.fetch("/orders", { method: "POST", headers, body: JSON.stringify(line) });
      return { status: response.status, body: /** @type {unknown} */ (await response.json()) };
    };

    assert.deepEqual(await buy({ id: 1, count: 2 }), {
      status: 201,
      body: { number: 1, customer: "Ada", items: ["2 × Kettle"], total: "49.80" },
    });
    assert.deepEqual((await buy({ id: 9, count: 1 })).body, {
      code: "not_found",
      message: "no such item",
      details: { id: 9 },
    });
    assert.equal((await buy({ id: 1, count: 0 })).status, 400);
    assert.equal((await catalog.fetch("/items")).status, 404);
    assert.equal((await orders.fetch("/me", { headers: { authorization: "Bearer ada" } })).status, 404);
    assert.equal((await customers.fetch("/me", { headers: { authorization: "Bearer ada" } })).status, 200);

    catalog.signalGroup("SIGKILL");
    await catalog.ended;
    assert.deepEqual(await buy({ id: 1, count: 1 }), {
      status: 503,
      body: { code: "unavailable", message: "the service catalog can't be reached", details: null },
    });
    await start("catalog", { hosted_gateways: [] }, new URL(catalog.origin).port);
    assert.equal((await buy({ id: 1, count: 1 })).status, 201);
  });

  test("a host doesn't start while it doesn't know where services are that it calls", (context) => {
    const folder = mkdtempSync(join(tmpdir(), "encore-host-several-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "infra.config.json");
    writeFileSync(file, JSON.stringify({ hosted_services: ["orders"] }));

    const run = spawnSync(program, ["run", "examples/shop", "--port", "0", "--infra-config", file], {
      cwd: repository,
      env: userEnvironment({}),
      encoding: "utf8",
    });

    assert.equal(run.status, 1);
    for (const service of ["catalog", "customers"]) {
      assert.match(run.stderr, new RegExp(`orders calls the service ${service}, which is neither hosted here`));
    }
  });
});

suite("streams between services in several processes", () => {
  test("messages pass through both; a process that is killed ends them, and they can be opened once it is back", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "encore-host-several-"));
    context.after(() => rmSync(folder, { recursive: true }));
    cpSync(path("tests/end-to-end/applications/rooms"), join(folder, "app"), { recursive: true });
    /**
     * @param {string} service
     * @param {object} configuration
     * @param {string} [port]
     */
    const start = async (service, configuration, port = "0") => {
      const file = join(folder, `${service}.json`);
      writeFileSync(file, JSON.stringify({ hosted_services: [service], auth: key, ...configuration }));
      const flags = ["run", "app", "--port", port, "--infra-config", file];
      return Server.start(context, program, flags, { cwd: folder, env: environment });
    };
    const rooms = await start("rooms", { hosted_gateways: [] });
    const front = await start("front", { service_discovery: { rooms: { base_url: rooms.origin } } });
    const headers = { "X-Token": "ada" };
    const hi = { text: "hi", at: "2026-01-02T03:04:05.000Z", price: "1.50" };

    const socket = await Socket.open(front.origin, "/talk/lobby", { headers });
    socket.send(hi);
    assert.deepEqual(JSON.parse(await socket.next()), {
      text: "ada in lobby: hi",
      at: "2026-01-03T03:04:05.000Z",
      price: "1.51",
    });
    assert.equal((await socket.close(1000)).code, 1000);
    await rooms.line((line) => line.includes("talk ends"));
    assert.deepEqual(await front.json("/total?lines=1000"), { lines: 1000, total: "100.00" });
    assert.deepEqual(await front.json("/sum?to=20000"), { sum: "199990000" });

    const closed = await Socket.open(front.origin, "/talk/closed", { headers });
    assert.deepEqual(await closed.closed, { code: 1011, reason: "closed for today" });
    const failing = await Socket.open(front.origin, "/talk/lobby", { headers });
    failing.send({ ...hi, text: "fail" });
    assert.deepEqual(await failing.closed, { code: 1011, reason: "as you like" });

    const cut = await Socket.open(front.origin, "/talk/lobby", { headers });
    cut.send(hi);
    await cut.next();
    rooms.signalGroup("SIGKILL");
    await rooms.ended;
    assert.deepEqual(await cut.closed, { code: 1011, reason: "the connection to the service rooms was lost" });
    assert.equal((await front.fetch("/total?lines=1")).status, 503);

    const again = await start("rooms", { hosted_gateways: [] }, new URL(rooms.origin).port);
    assert.deepEqual(await front.json("/total?lines=2"), { lines: 2, total: "0.20" });
    const last = await Socket.open(front.origin, "/talk/lobby", { headers });
    last.send(hi);
    await last.next();
    assert.equal(await again.stop(), 0);
    assert.equal((await last.closed).code, 1011);
    assert.equal((await refused(front.origin.replace("http", "ws") + "/talk/lobby")).status, 401);
    assert.equal(await front.stop(), 0);
  });
});
