import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DeadlineHeap } from "../../src/runtime/timers/deadline-heap.js";
import { Isolate } from "./isolate.js";

function started(code: string): Isolate {
  const isolate = new Isolate();
  isolate.eval(`globalThis.seen = []; const note = (...all) => seen.push(all.join());\n${code}`);
  return isolate;
}

/** Lets the clock reach a time, and everything that is due by then happen. */
async function advance(isolate: Isolate, to: number): Promise<void> {
  while (isolate.nextDeadline <= to) {
    isolate.now = Math.max(isolate.now, isolate.nextDeadline);
    isolate.fireTimers();
    await Promise.resolve();
  }
  isolate.now = to;
}

const seen = (isolate: Isolate) => isolate.run("seen");

suite("timers", () => {
  test("no deadline is published where there is no timer", () => {
    assert.equal(new Isolate().nextDeadline, Infinity);
  });

  test("timers run by deadline, then in the order they were set", async () => {
    const isolate = started(
      "setTimeout(note, 20, 'c'); setTimeout(note, 10, 'a', 1); setTimeout(note, 10, 'b'); setTimeout(note, 0, 'zero'); setTimeout(note, 1, 'one');",
    );
    assert.equal(isolate.nextDeadline, 1);
    await advance(isolate, 9);
    assert.deepEqual(seen(isolate), ["zero", "one"]);
    await advance(isolate, 20);
    assert.deepEqual(seen(isolate), ["zero", "one", "a,1", "b", "c"]);
    assert.equal(isolate.nextDeadline, Infinity);
  });

  test("a timer item before its time runs nothing", () => {
    const isolate = started("setTimeout(note, 10, 'a');");
    isolate.now = 9.5;
    isolate.fireTimers();
    assert.deepEqual(seen(isolate), []);
  });

  test("microtasks run between two timers that are due", async () => {
    const isolate = started(`
      for (const name of ["a", "b"]) {
        setTimeout(() => { note(name); Promise.resolve().then(() => note(name + "1")).then(() => note(name + "2")); }, 5);
      }`);
    await isolate.runAsync("await new Promise((done) => setTimeout(done, 6));");
    assert.deepEqual(seen(isolate), ["a", "a1", "a2", "b", "b1", "b2"]);
  });

  test("intervals repeat until they are cleared, also by themselves", async () => {
    const isolate = started(
      "let n = 0; const handle = setInterval(() => { note(++n); if (n === 3) clearInterval(handle); }, 10);",
    );
    await advance(isolate, 1000);
    assert.deepEqual(seen(isolate), ["1", "2", "3"]);
    assert.equal(isolate.nextDeadline, Infinity);
  });

  test("a cleared timer never runs, however it is named", async () => {
    const isolate = started(`
      clearTimeout(setTimeout(note, 1, "a"));
      clearTimeout(+setTimeout(note, 1, "b"));
      clearInterval(String(+setTimeout(note, 1, "c")));
      setTimeout(note, 1, "d").close();
      clearImmediate(setImmediate(note, "e"));
      const first = setTimeout(() => clearTimeout(second), 5), second = setTimeout(note, 5, "f");
      for (const nothing of [undefined, null, {}, 12345, "x"]) clearTimeout(nothing);`);
    await advance(isolate, 100);
    assert.deepEqual(seen(isolate), []);
  });

  test("delays that are no sensible number count as one millisecond", () => {
    for (const delay of ["undefined", "NaN", "-5", "0.5", "2 ** 31", "'x'", "Infinity"]) {
      assert.equal(started(`setTimeout(note, ${delay});`).nextDeadline, 1, delay);
    }
    assert.equal(started("setTimeout(note, '7.9');").nextDeadline, 7);
  });

  test("immediates run in order, before a timer set at the same time", async () => {
    const isolate = started("setTimeout(note, 0, 't'); setImmediate(note, 'a'); setImmediate(note, 'b');");
    await advance(isolate, 10);
    assert.deepEqual(seen(isolate), ["a", "b", "t"]);
  });

  test("handles are Node's: ref, unref, hasRef, refresh, a number", async () => {
    const isolate = started("const handle = setTimeout(note, 10, 'x');");
    assert.deepEqual(
      isolate.run("[handle.hasRef(), handle.unref() === handle, handle.hasRef(), handle.ref().hasRef(), +handle > 0]"),
      [true, true, false, true, true],
    );
    isolate.now = 8;
    isolate.eval("handle.refresh()");
    assert.equal(isolate.nextDeadline, 18);
    await advance(isolate, 17);
    assert.deepEqual(seen(isolate), []);
    await advance(isolate, 18);
    isolate.eval("handle.refresh()");
    assert.equal(isolate.nextDeadline, Infinity);
  });

  test("an error in a callback is logged, and the others run", async () => {
    const isolate = started(
      "setTimeout(() => { throw new TypeError('no'); }, 1); setTimeout(note, 1, 'next'); queueMicrotask(() => { throw 'text'; });",
    );
    await Promise.resolve();
    await advance(isolate, 5);
    assert.deepEqual(seen(isolate), ["next"]);
    const messages = isolate.log.map(({ level, message, fields }) => [level, message, fields?.["error"]]);
    assert.deepEqual(messages, [
      [4, "uncaught error in a microtask", "Error: text"],
      [4, "uncaught error in a timer", "TypeError: no"],
    ]);
    assert.match(String(isolate.log[1]?.fields?.["stack"]), /app\.js/);
  });

  test("a callback that is no function is refused", () => {
    for (const call of ["setTimeout('code')", "setInterval()", "setImmediate({})", "queueMicrotask(null)"]) {
      assert.throws(() => new Isolate().eval(call), { name: "TypeError", code: "ERR_INVALID_ARG_TYPE" }, call);
    }
  });

  test("microtasks run in order, after what is running", async () => {
    const isolate = started(
      "queueMicrotask(() => note('a')); Promise.resolve().then(() => note('b')); queueMicrotask(() => note('c')); note('now');",
    );
    await Promise.resolve();
    assert.deepEqual(seen(isolate), ["now", "a", "b", "c"]);
  });
});

suite("DeadlineHeap", () => {
  test("gives back what was added by deadline and sequence, also after removals", () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    for (let round = 0; round < 200; round++) {
      const heap = new DeadlineHeap<{ deadline: number; sequence: number; place: number }>();
      let expected = Array.from({ length: random(60) }, (_, sequence) => ({
        deadline: random(10),
        sequence,
        place: -1,
      }));
      for (const item of expected) heap.add(item);
      for (const item of expected.filter(() => random(3) === 0)) {
        heap.remove(item);
        heap.remove(item);
        expected = expected.filter((each) => each !== item);
      }
      expected.sort((a, b) => a.deadline - b.deadline || a.sequence - b.sequence);
      const given = [];
      for (let first = heap.first; first !== undefined; first = heap.first) {
        given.push(first);
        heap.remove(first);
      }
      assert.deepEqual(given, expected);
    }
  });
});
