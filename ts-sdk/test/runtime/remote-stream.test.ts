import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  type RemoteInput,
  type RemotePort,
  RemoteStream,
  type RemoteValues,
} from "../../src/internal/remote-stream.js";
import { OpenRemoteStreams } from "../../src/internal/remote-streams.js";
import type { CallerEnd } from "../../src/internal/stream-classes.js";

/** A host that does what a test says. */
class FakePort implements RemotePort {
  readonly sent: { messages: readonly string[]; areLast: boolean; leaves: boolean }[] = [];
  readonly left: boolean[] = [];
  #sending: (() => void) | undefined;
  #receiving: ((input: RemoteInput) => void) | undefined;

  /** Whether the script waits for what comes next. */
  get isAsked(): boolean {
    return this.#receiving !== undefined;
  }

  send(messages: readonly string[], areLast: boolean, leaves: boolean): Promise<unknown> {
    this.sent.push({ messages, areLast, leaves });
    return new Promise<void>((resolve) => (this.#sending = resolve));
  }

  receive(): Promise<RemoteInput> {
    return new Promise((resolve) => (this.#receiving = resolve));
  }

  leave(isAll: boolean): void {
    this.left.push(isAll);
  }

  /** What was sent last is on its way. */
  async confirm(): Promise<void> {
    this.#sending?.();
    await turn();
  }

  /** Something comes. */
  async deliver(input: RemoteInput): Promise<void> {
    const receiving = this.#receiving;
    this.#receiving = undefined;
    receiving?.(input);
    await turn();
  }
}

const values: RemoteValues = {
  write: (message) => JSON.stringify(message),
  read: (message) => message,
  readAnswer: (value) => value,
  asError: (error) => error,
};

const lost = { error: { code: "unavailable", message: "gone" }, lost: true };

function begin(): { port: FakePort; stream: RemoteStream; end: CallerEnd; ended: () => boolean } {
  const port = new FakePort();
  let hasEnded = false;
  const { stream, end } = RemoteStream.begin(port, values, () => (hasEnded = true));
  return { port, stream, end, ended: () => hasEnded };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise is settled, and how. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  const waits = turn().then(() => "waits");
  const settled = promise.then(
    () => "done",
    (error: unknown) => (error as Error).message,
  );
  return Promise.race([settled, waits]);
}

suite("a stream that another host serves", () => {
  test("messages are received in their order, the next are asked for once all are taken", async () => {
    const { port, end } = begin();
    await port.deliver({ messages: [1, 2] });

    assert.equal(await end.receiveNext(), 1);
    await turn();
    assert.equal(port.isAsked, false);
    assert.equal(await end.receiveNext(), 2);
    await turn();
    assert.equal(port.isAsked, true);
  });

  test("what is sent while the host is busy goes as one", async () => {
    const { port, end } = begin();
    for (let i = 0; i < 5; i++) void end.send(i);
    assert.deepEqual(port.sent, [{ messages: ["0"], areLast: false, leaves: false }]);

    await end.close();
    await port.confirm();

    assert.deepEqual(port.sent[1], { messages: ["1", "2", "3", "4"], areLast: true, leaves: false });
    await assert.rejects(end.send(6), { message: "the stream is closed" });
  });

  test("send() waits once as many messages wait as there is room for, and is refused for those who don't wait", async () => {
    const { port, end } = begin();
    void end.send(0);
    for (let i = 1; i < 64; i++) assert.equal(await stateOf(end.send(i)), "done");
    const waiting = end.send(64);
    assert.equal(await stateOf(waiting), "waits");
    const rest = Array.from({ length: 4096 - 64 }, (_, i) => end.send(i));
    await assert.rejects(end.send(0), { message: "messages are taken more slowly than they are sent: await send()" });

    await port.confirm();

    assert.equal(await stateOf(waiting), "done");
    await Promise.all(rest);
    assert.equal(port.sent[1]?.messages.length, 4096);
  });

  test("an end with an answer answers, and ends what is received", async () => {
    const { port, end, ended } = begin();
    const answer = end.response();

    await port.deliver({ messages: [1], end: { value: 7 } });

    assert.equal(await answer, 7);
    assert.deepEqual(await end.next(), { done: false, value: 1 });
    assert.deepEqual(await end.next(), { done: true, value: undefined });
    assert.equal(ended(), true);
    assert.deepEqual(port.left, []);
  });

  test("a lost connection is what everybody gets who receives, sends or waits for the answer", async () => {
    const { port, end } = begin();
    void end.send(0);
    for (let i = 1; i < 64; i++) void end.send(i);
    const sending = end.send(64);
    const answer = end.response();
    const state = Promise.all([stateOf(sending), stateOf(answer)]);

    await port.deliver({ messages: [1], end: lost });

    assert.deepEqual(await state, ["gone", "gone"]);
    assert.equal(await end.receiveNext(), 1);
    await assert.rejects(end.receiveNext(), { message: "gone", code: "unavailable" });
    await assert.rejects(end.send(1), { message: "gone" });
  });

  test("what was sent before a loop is left still goes; what the host is asked for after it, doesn't", async () => {
    const { port, end, ended } = begin();
    void end.send(1);
    void end.send(2);

    end.leave?.();

    assert.deepEqual(port.left, [false]);
    assert.equal(ended(), true);
    await assert.rejects(end.send(3), { message: "the stream is closed" });
    await port.confirm();
    assert.deepEqual(port.sent[1], { messages: ["2"], areLast: false, leaves: true });
    await port.deliver({ messages: [1] });
    assert.deepEqual(await end.next(), { done: true, value: undefined });
    assert.equal(port.isAsked, false);
  });

  test("a caller that leaves with nothing on its way leaves at once", () => {
    const { port, end } = begin();

    end.leave?.();
    end.leave?.();

    assert.deepEqual(port.left, [true]);
  });

  test("a message that can't be read ends the stream for both sides", async () => {
    const port = new FakePort();
    const read = (): never => {
      throw new RangeError("unreadable");
    };
    const { end } = RemoteStream.begin(port, { ...values, read }, () => undefined);

    await port.deliver({ messages: [1] });

    await assert.rejects(end.receiveNext(), { message: "unreadable" });
    assert.deepEqual(port.left, [true]);
  });
});

suite("streams that callers let go of", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;

  /** Opens streams and looks at them after a collection. */
  async function lookAfter(use: (end: CallerEnd) => unknown): Promise<{ port: FakePort; held: unknown }> {
    let look: () => void = () => undefined;
    const open = new OpenRemoteStreams((callback) => (look = callback));
    const port = new FakePort();
    const held = (() => {
      const { stream, end } = RemoteStream.begin(port, values, (ended) => {
        open.delete(ended);
      });
      open.add(stream);
      return use(end);
    })();
    await turn();
    await port.deliver({ messages: [1] });
    collect();
    await turn();
    look();
    return { port, held };
  }

  test("are left", async () => {
    const { port } = await lookAfter(() => undefined);

    assert.deepEqual(port.left, [true]);
  });

  test("are kept while somebody holds them", async () => {
    const { port, held } = await lookAfter((end) => end);

    assert.deepEqual(port.left, []);
    assert.equal(await (held as CallerEnd).receiveNext(), 1);
  });

  test("are kept while somebody waits for a message", async () => {
    const { port } = await lookAfter((end) => {
      void (async () => {
        for (;;) await end.receiveNext();
      })();
    });

    assert.deepEqual(port.left, []);
  });

  test("are kept while somebody waits for the answer, or has closed them", async () => {
    assert.deepEqual((await lookAfter((end) => void end.response())).port.left, []);
    assert.deepEqual((await lookAfter((end) => void end.close())).port.left, []);
  });
});
