// @ts-check
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { program, repository } from "../../scripts/repository.mjs";
import { userEnvironment } from "./support/environment.mjs";
import { Server } from "./support/server.mjs";

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
