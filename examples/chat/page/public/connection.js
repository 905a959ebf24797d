// @ts-check
import { StreamError } from "./client.js";

/**
 * @typedef {import("./client.js").rooms_FromPage} FromPage
 * @typedef {import("./client.js").rooms_ToPage} ToPage
 * @typedef {import("./client.js").StreamInOut<FromPage, ToPage>} Stream
 */

/**
 * @typedef {object} Listener
 * @property {() => Promise<void>} entered each time the server has let the page in
 * @property {(event: ToPage) => void} received
 * @property {(code: number, reason: string) => void} refused the server ended the stream, and says why
 * @property {(seconds: number) => void} lost it is opened again after so many seconds
 */

const longestWait = 8;

/** A stream that is opened again whenever it ends. */
export class Connection {
  #open;
  #listener;
  #hasLeft = false;
  #wait = 1;

  /** @type {Stream | undefined} */
  #stream;

  /**
   * @param {() => Promise<Stream>} open
   * @param {Listener} listener
   */
  constructor(open, listener) {
    this.#open = open;
    this.#listener = listener;
    void this.#keep();
  }

  /**
   * @param {FromPage} event
   * @returns {boolean} whether there is a stream to send it by
   */
  send(event) {
    // Should it break at this moment, whoever reads learns of it.
    this.#stream?.send(event).catch(() => undefined);
    return this.#stream !== undefined;
  }

  leave() {
    this.#hasLeft = true;
    this.#stream?.close();
  }

  async #keep() {
    for (; ; this.#wait = Math.min(this.#wait * 2, longestWait)) {
      try {
        await this.#read(await this.#open());
      } catch (error) {
        // What the browser says of a broken connection, 1006, has no reason.
        if (error instanceof StreamError && error.code !== 1006) this.#listener.refused(error.code, error.message);
      }
      this.#stream = undefined;
      if (this.#hasLeft) return;
      this.#listener.lost(this.#wait);
      await new Promise((resolve) => setTimeout(resolve, this.#wait * 1000));
    }
  }

  /** @param {Stream} stream */
  async #read(stream) {
    // The first thing that the server says is who is there: with it the page is in.
    for await (const event of stream) {
      if (this.#hasLeft) return;
      if (this.#stream === undefined) {
        this.#stream = stream;
        this.#wait = 1;
        await this.#listener.entered();
      }
      this.#listener.received(event);
    }
  }
}
