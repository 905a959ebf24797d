import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { installRuntime, type IsolateRuntime, type OperationResult } from "../../src/internal/registry.js";
import { cursor } from "../../src/storage/sqldb/cursor.js";
import { pooledSession } from "../../src/storage/sqldb/session.js";
import { textStatement } from "../../src/storage/sqldb/statement.js";

/** A host that has three batches of rows. */
const asked: string[] = [];
const batches = [[[1], [2]], [], [[3]]];
let failAt: string | undefined;

function answer(kind: string): OperationResult {
  const last = asked.filter((name) => name === "sql.fetch").length === batches.length - 1;
  if (kind === "sql.open") return { value: [9, false, 5, [["n", ""]], structuredClone(batches[0])], bytes: null };
  if (kind !== "sql.fetch") return { value: null, bytes: null };
  const batch = batches[asked.filter((name) => name === "sql.fetch").length];
  return { value: [last, structuredClone(batch)], bytes: null };
}

installRuntime({
  startOperation: (kind: string) => {
    asked.push(kind);
    const promise = kind === failAt ? Promise.reject(new Error("lost")) : Promise.resolve(answer(kind));
    return { promise, cancel: () => undefined };
  },
} as unknown as IsolateRuntime);

const open = (): AsyncGenerator<{ n: number }> => cursor(pooledSession("db", 0), textStatement("SELECT n"), []);

suite("cursors", () => {
  beforeEach(() => {
    asked.length = 0;
    failAt = undefined;
  });

  test("give all rows, batch by batch", async () => {
    const rows = [];
    for await (const row of open()) rows.push(row.n);
    assert.deepEqual(rows, [1, 2, 3]);
    assert.deepEqual(asked, ["sql.open", "sql.fetch", "sql.fetch"]);
  });

  test("ask for nothing before the first row is wanted", async () => {
    assert.deepEqual(await open().return(7), { value: 7, done: true });
    assert.deepEqual(asked, []);
  });

  test("close when the loop is left", async () => {
    for await (const row of open()) if (row.n === 1) break;
    assert.deepEqual(asked, ["sql.open", "sql.fetch", "sql.close"]);
  });

  test("close when something is thrown into them", async () => {
    const rows = open();
    await rows.next();
    await assert.rejects(rows.throw(new RangeError("enough")), { name: "RangeError", message: "enough" });
    assert.deepEqual(asked, ["sql.open", "sql.fetch", "sql.close"]);
    assert.deepEqual(await rows.next(), { value: undefined, done: true });
  });

  test("answer calls in the order in which they were made", async () => {
    const rows = open();
    const results = await Promise.all([rows.next(), rows.next(), rows.next(), rows.next(), rows.return(undefined)]);
    assert.deepEqual(
      results.map(({ value, done }) => [(value as { n: number } | undefined)?.n, done]),
      [
        [1, false],
        [2, false],
        [3, false],
        [undefined, true],
        [undefined, true],
      ],
    );
  });

  test("end with a failure, and ask no more", async () => {
    failAt = "sql.fetch";
    const rows = open();
    await rows.next();
    await rows.next();
    await assert.rejects(rows.next(), { message: "lost" });
    assert.deepEqual(await rows.next(), { value: undefined, done: true });
    assert.deepEqual(asked, ["sql.open", "sql.fetch"]);
  });

  test("ask for one batch before its rows are wanted, and no more", async () => {
    const rows = open();
    await rows.next();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(asked, ["sql.open", "sql.fetch"]);
    await rows.next();
    await rows.next();
    assert.deepEqual(asked, ["sql.open", "sql.fetch", "sql.fetch"]);
  });

  test("keep a failure for whoever wants the rows", async () => {
    failAt = "sql.fetch";
    const rows = open();
    await rows.next();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(await rows.next(), { value: { n: 2 }, done: false });
    await assert.rejects(rows.next(), { message: "lost" });
  });

  test("are disposed of like generators", async () => {
    {
      await using rows = open();
      await rows.next();
    }
    assert.deepEqual(asked, ["sql.open", "sql.fetch", "sql.close"]);
  });
});
