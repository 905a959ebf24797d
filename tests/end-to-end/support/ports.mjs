// @ts-check
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const patienceMilliseconds = 60_000;

/** A port that nobody listens on. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  assert.ok(typeof address === "object" && address !== null);
  probe.close();
  await once(probe, "close");
  return address.port;
}

/** @param {number} port */
export async function untilListening(port) {
  const end = performance.now() + patienceMilliseconds;
  while (performance.now() < end) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await delay(50);
  }
  assert.fail(`nothing listens on ${String(port)}`);
}
