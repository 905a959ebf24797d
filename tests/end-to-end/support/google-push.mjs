// @ts-check
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { createServer, request } from "node:http";
import { delimiter, dirname, join } from "node:path";
import { freePort, untilListening } from "./ports.mjs";

/** What the tests' pushes are signed as. */
export const account = "push@tests.iam.gserviceaccount.com";
export const audience = "https://tests.example.com";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/**
 * A token as Google makes them for pushes.
 * @param {object} [claims] what is to be otherwise
 */
export function token(claims = {}) {
  const encode = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const body = {
    iss: "https://accounts.google.com",
    aud: audience,
    email: account,
    email_verified: true,
    iat: now,
    exp: now + 3600,
    ...claims,
  };
  const text = `${encode({ alg: "RS256", kid: "k1", typ: "JWT" })}.${encode(body)}`;
  return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
}

/**
 * What stands between the emulator and a host: it signs pushes, which the emulator doesn't, and gives out the key.
 * @param {{ after: (work: () => void) => unknown }} owner
 */
export async function startGateway(owner) {
  const gateway = { origin: "", target: "", statuses: /** @type {number[]} */ ([]) };
  const server = createServer((incoming, response) => {
    if (incoming.url === "/keys") {
      response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256" }] }));
      return;
    }
    const headers = { "content-type": "application/json", authorization: `Bearer ${token()}` };
    const outgoing = request(gateway.target + (incoming.url ?? ""), { method: "POST", headers }, (answer) => {
      gateway.statuses.push(answer.statusCode ?? 0);
      response.statusCode = answer.statusCode ?? 502;
      answer.pipe(response);
    });
    outgoing.once("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  owner.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  gateway.origin = `http://127.0.0.1:${String(address.port)}`;
  return gateway;
}

/**
 * Google's own emulator on a free port.
 * @param {{ after: (work: () => void) => unknown }} owner
 * @param {string} cwd
 * @returns {Promise<string>} its host and port
 */
export async function startEmulator(owner, cwd) {
  const port = await freePort();
  const args = ["-Xmx256m", "-XX:+UseSerialGC", "-jar", emulatorJar(), "--host=127.0.0.1", `--port=${String(port)}`];
  const child = spawn("java", args, { cwd, stdio: "ignore" });
  owner.after(() => child.kill("SIGKILL"));
  await untilListening(port);
  return `127.0.0.1:${String(port)}`;
}

/** Looks beside the gcloud program, whose component the emulator is. */
function emulatorJar() {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (!existsSync(join(folder, "gcloud"))) continue;
    const library = join(dirname(dirname(realpathSync(join(folder, "gcloud")))), "platform/pubsub-emulator/lib");
    const jar =
      existsSync(library) && readdirSync(library).find((name) => /^cloud-pubsub-emulator-.*-all\.jar$/.test(name));
    if (jar) return join(library, jar);
  }
  assert.fail("there is no Pub/Sub emulator: install google-cloud-cli-pubsub-emulator and a Java runtime");
}
