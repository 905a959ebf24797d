// @ts-check
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { userEnvironment } from "./environment.mjs";

/** Longer than a first build takes, even while other tests use the processors. */
const limitMilliseconds = 120_000;

/**
 * @typedef {object} ServerOptions
 * @property {string} cwd
 * @property {Record<string, string>} [env]
 */

/** A server that a test started: `encore-host run`, or a command that comes to that. */
export class Server {
  /** Where it answers, such as "http://127.0.0.1:40123". */
  origin = "";

  /** Everything it wrote, in lines. @type {string[]} */
  lines = [];

  /** @type {Set<() => void>} */
  #watchers = new Set();
  #isOver = false;

  /**
   * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} child
   */
  constructor(child) {
    this.child = child;
    this.pid = /** @type {number} */ (child.pid);
    /** @type {Promise<number | null>} the exit code; null if a signal ended it */
    this.ended = new Promise((resolve) => {
      child.once("close", (code) => {
        this.#isOver = true;
        resolve(code);
        this.#changed();
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        this.lines.push(line);
        this.#changed();
      });
    }
  }

  /**
   * Starts a server and waits until it listens. Whatever becomes of the test, the server and all it started are ended.
   * @param {{ after: (work: () => void) => unknown }} owner
   * @param {string} command
   * @param {readonly string[]} args
   * @param {ServerOptions} options
   */
  static async start(owner, command, args, { cwd, env }) {
    // A process group of its own, as a shell on a terminal gives to every command.
    const child = spawn(command, args, {
      cwd,
      env: userEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const server = new Server(child);
    owner.after(() => {
      server.signalGroup("SIGKILL");
    });
    const banner = await server.line((line) => line.includes("listening on"));
    server.origin = /http:\/\/\S+/.exec(banner)?.[0] ?? assert.fail(banner);
    return server;
  }

  /**
   * Waits for a line, one already written included.
   * @param {(line: string) => boolean} wanted
   * @returns {Promise<string>}
   */
  async line(wanted) {
    const deadline = AbortSignal.timeout(limitMilliseconds);
    for (;;) {
      const found = this.lines.find(wanted);
      if (found !== undefined) return found;
      if (this.#isOver || deadline.aborted) {
        assert.fail(
          `no such line${deadline.aborted ? " in time" : ", and the process ended"}:\n${this.lines.join("\n")}`,
        );
      }
      await this.#change(deadline);
    }
  }

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   */
  fetch(path, init) {
    return fetch(this.origin + path, init);
  }

  /**
   * @param {string} path
   * @returns {Promise<unknown>}
   */
  async json(path) {
    return (await this.fetch(path)).json();
  }

  /** Asks the process alone to end. */
  async stop() {
    this.child.kill("SIGINT");
    return await this.ended;
  }

  /** What Ctrl-C on a terminal does: every process in the foreground gets the signal. */
  async interrupt() {
    this.signalGroup("SIGINT");
    return await this.ended;
  }

  /** @param {NodeJS.Signals} signal */
  signalGroup(signal) {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // All of them have ended.
    }
  }

  /** @param {AbortSignal} deadline */
  #change(deadline) {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(done);
        deadline.removeEventListener("abort", done);
        resolve(undefined);
      };
      this.#watchers.add(done);
      deadline.addEventListener("abort", done);
    });
  }

  #changed() {
    for (const watcher of this.#watchers) watcher();
  }
}
