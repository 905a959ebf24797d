// @ts-check
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { plain } from "./scenarios.mjs";

/** Between two tries to connect: short against the fastest start (about 50 ms), long enough to leave it the CPU. */
const retryMilliseconds = 2;

/**
 * Waits until `GET /hello` is answered with 200.
 * @param {number} port
 * @param {AbortSignal} signal
 */
export async function firstAnswer(port, signal) {
  while (!(await answers(port, signal))) {
    await delay(retryMilliseconds, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) {
      throw signal.reason;
    }
  }
}

/**
 * A bare socket: the first call of an HTTP client would load and compile that client within the measured time.
 * @param {number} port
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>}
 */
function answers(port, signal) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const abort = () => done(false);
    const done = (/** @type {boolean} */ answered) => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      resolve(answered);
    };
    signal.addEventListener("abort", abort);
    socket.once("connect", () => {
      socket.write(`${plain.method} ${plain.target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    });
    socket.once("data", (head) => done(head.toString("latin1").startsWith("HTTP/1.1 200 ")));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
  });
}
