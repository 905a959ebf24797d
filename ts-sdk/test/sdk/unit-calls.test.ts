import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { api, APIError } from "../../src/api/index.js";
import { getAuthData, unitClient } from "../../src/internal/calls.js";

interface Word {
  word: string;
}

const upper = api({}, ({ word }: Word) => ({ word: word.toUpperCase() }));
const refuse = api({}, () => {
  throw APIError.notFound("no such word");
});
const shout = api.streamInOut<{ mark: string }, Word, Word>({}, async ({ mark }, stream) => {
  for await (const { word } of stream) await stream.send({ word: word + mark });
});
const count = api.streamIn<Word, { words: number }>({}, async (stream) => {
  let words = 0;
  for await (const { word } of stream) words += word.length;
  return { words };
});
const letters = api.streamOut<Word>({}, async (stream) => {
  for (const word of ["a", "b", "c"]) await stream.send({ word });
  throw APIError.aborted("no more letters");
});
const words = unitClient({
  upper: () => upper,
  refuse: () => refuse,
  shout: () => shout,
  count: () => count,
  letters: () => letters,
}) as unknown as {
  upper: typeof upper;
  refuse: () => Promise<void>;
  shout: (data: { mark: string }) => Promise<{
    send: (message: Word) => Promise<void>;
    recv: () => Promise<Word>;
    close: () => Promise<void>;
  }>;
  count: () => Promise<{
    send: (message: Word) => Promise<void>;
    close: () => Promise<void>;
    response: () => Promise<{ words: number }>;
  }>;
  letters: () => Promise<AsyncIterable<Word>>;
  ref: () => unknown;
};

suite("clients in unit tests", () => {
  test("an endpoint is its own function", async () => {
    assert.deepEqual(await words.upper({ word: "hi" }), { word: "HI" });
    await assert.rejects(words.refuse(), { name: "APIError", code: "not_found" });
    assert.equal(words.ref(), words);
    assert.equal(getAuthData(), null);
  });

  test("a stream both ways ends when the caller closes it", async () => {
    const stream = await words.shout({ mark: "!" });
    await stream.send({ word: "hi" });
    assert.deepEqual(await stream.recv(), { word: "hi!" });
    await stream.close();
    await assert.rejects(stream.recv(), /no more messages/);
    await assert.rejects(stream.send({ word: "late" }), /closed/);
  });

  test("a stream that answers once does so when it is closed", async () => {
    const stream = await words.count();
    for (const word of ["one", "three"]) await stream.send({ word });
    await stream.close();
    assert.deepEqual(await stream.response(), { words: 8 });
  });

  test("what the handler throws comes after what it has sent", async () => {
    const received: string[] = [];
    const stream = await words.letters();
    const receive = async (): Promise<void> => {
      for await (const { word } of stream) received.push(word);
    };
    await assert.rejects(receive(), { code: "aborted" });
    assert.deepEqual(received, ["a", "b", "c"]);
  });
});
