// @ts-check
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";

/** A WebSocket by the package `ws`, whose messages wait until a test asks for them. */
export class Socket {
  /** @type {string[]} */
  #received = [];

  /** @type {((text: string) => void)[]} */
  #waiting = [];

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    /** @type {Promise<{ code: number, reason: string }>} */
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
    socket.on("message", (data, isBinary) => {
      assert.ok(Buffer.isBuffer(data) && !isBinary);
      const text = data.toString();
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#received.push(text);
      else waiting(text);
    });
  }

  /**
   * @param {string} origin the server's, of HTTP
   * @param {string} target
   * @param {import("ws").ClientOptions & { protocols?: string[] }} [options]
   */
  static async open(origin, target, { protocols = [], ...options } = {}) {
    const socket = new WebSocket(origin.replace("http", "ws") + target, protocols, options);
    const opened = new Socket(socket);
    await once(socket, "open");
    return opened;
  }

  /** @param {unknown} message */
  send(message) {
    this.socket.send(JSON.stringify(message));
  }

  /** @returns {Promise<string>} the next message as it came */
  async next() {
    return this.#received.shift() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
  }

  /** @param {number} [code] */
  async close(code) {
    this.socket.close(code);
    return await this.closed;
  }
}

/**
 * What a server answers that opens no WebSocket.
 * @param {string} address
 * @param {import("ws").ClientOptions} [options]
 * @returns {Promise<{ status: number, body: string }>}
 */
export async function refused(address, options) {
  const socket = new WebSocket(address, options);
  const [, response] = await /** @type {Promise<[unknown, import("node:http").IncomingMessage]>} */ (
    once(socket, "unexpected-response")
  );
  let body = "";
  for await (const part of response.setEncoding("utf8")) body += String(part);
  return { status: response.statusCode ?? 0, body };
}
