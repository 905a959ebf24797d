// @ts-check
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Debian's packages put PostgreSQL's programs, by version. */
const versions = "/usr/lib/postgresql";

/** The user nobody, whom PostgreSQL runs as where the caller is root: it refuses root itself. */
const nobody = 65534;

/**
 * Starts a PostgreSQL of its own on loopback, in a temporary folder, with durability as in production.
 * @returns {Promise<{ uri: string, version: string, stop: () => Promise<void> }>}
 */
export async function startPostgres() {
  const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0];
  const programs = join(versions, newest ?? "", "bin");
  const folder = mkdtempSync(join(tmpdir(), "compare-postgres-"));
  const data = join(folder, "data");
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ("uid" in user) {
    chownSync(folder, nobody, nobody);
  }
  chmodSync(folder, 0o700);
  const initialise = ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"];
  execFileSync(join(programs, "initdb"), initialise, { ...user, stdio: "ignore", cwd: folder });
  const port = await freePort();
  const options = [
    "-D",
    data,
    "-p",
    String(port),
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    `unix_socket_directories=${folder}`,
  ];
  const child = spawn(join(programs, "postgres"), options, { ...user, stdio: "ignore", cwd: folder });
  const stop = async () => {
    if (child.exitCode === null) {
      const exit = once(child, "exit");
      // Fast shutdown: whoever is still connected is sent away.
      child.kill("SIGINT");
      await exit;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", () => child.kill("SIGQUIT"));
  await untilReady(join(programs, "pg_isready"), port);
  const uri = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  return { uri, version: newest ?? "", stop };
}

/**
 * @param {string} program
 * @param {number} port
 */
async function untilReady(program, port) {
  for (let tries = 0; ; tries++) {
    try {
      execFileSync(program, ["-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
      return;
    } catch (error) {
      if (tries > 100) {
        throw new Error("PostgreSQL did not start", { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return address.port;
}
