import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const schema = JSON.parse(readFileSync(new URL("../../../infra.schema.json", import.meta.url), "utf8")) as object;
const ajv = new Ajv2020({ strict: true, strictRequired: false });
addFormats.default(ajv);
const isValid = ajv.compile(schema);

const server = { host: "db:5432", databases: { shop: { username: "app", password: { $env: "PASSWORD" } } } };

suite("the schema of infra.config.json", () => {
  for (const [title, config] of Object.entries({
    nothing: {},
    "a schema and an environment": { $schema: "./x.json", metadata: { app_id: "shop", env_type: "production" } },
    "variables in place of values": {
      metadata: { base_url: { $env: "URL" } },
      graceful_shutdown: { total: { $env: "T" } },
      secrets: { $env: "SECRETS" },
    },
    servers: { sql_servers: [server] },
    "brokers of each way to write topics": {
      pubsub: [
        { type: "nats", url: "nats://nats:4222", topics: { signups: {} } },
        { type: "gcp_pubsub", project_id: "p", topics: { a: { name: "a", subscriptions: { b: { name: "b" } } } } },
        { type: "embedded" },
      ],
    },
    "services elsewhere": {
      hosted_services: ["a"],
      service_discovery: { b: { base_url: "https://b:4000", auth: [{ type: "key", id: 1, key: { $env: "KEY" } }] } },
    },
  })) {
    test(`${title}: taken`, () => {
      equal(isValid(config), true, JSON.stringify(isValid.errors));
    });
  }

  for (const [title, config] of Object.entries({
    "an unknown key": { metdata: {} },
    "a kind of environment that isn't one": { metadata: { env_type: "staging" } },
    "a URL without a scheme": { metadata: { base_url: "shop.example.org" } },
    "too many seconds": { graceful_shutdown: { total: 86_401 } },
    "a text where a number belongs": { worker_threads: "2" },
    "a server without databases": { sql_servers: [{ host: "db" }] },
    "a broker of no known type": { pubsub: [{ type: "carrier-pigeon" }] },
    "a broker without its type": { pubsub: [{ url: "nats://nats" }] },
    "another broker's key": { pubsub: [{ type: "nats", url: "nats://nats", brokers: "b:9092" }] },
    "a variable with more beside it": { log_config: { $env: "LOG", level: "info" } },
  })) {
    test(`${title}: refused`, () => {
      equal(isValid(config), false);
    });
  }
});
