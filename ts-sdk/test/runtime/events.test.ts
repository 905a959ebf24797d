import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Isolate } from "./isolate.js";

/** Runs code that calls `note`, and returns what it noted. */
function notes(code: string, isolate = new Isolate()): unknown {
  return isolate.run(
    `(() => { const seen = []; const note = (...all) => seen.push(all.join()); const target = new EventTarget(); ${code}; return seen; })()`,
  );
}

suite("EventTarget", () => {
  test("listeners run in order, once each, capturing ones first", () => {
    assert.deepEqual(
      notes(
        "const f = () => note('f'); target.addEventListener('e', f); target.addEventListener('e', f); target.addEventListener('e', f, true); target.addEventListener('e', { handleEvent() { note('o'); } }); target.addEventListener('other', f); target.dispatchEvent(new Event('e'))",
      ),
      ["f", "f", "o"],
    );
  });

  test("removal needs the same callback and phase", () => {
    assert.deepEqual(
      notes(
        "const f = () => note('f'); target.addEventListener('e', f, { capture: true }); target.removeEventListener('e', f); target.dispatchEvent(new Event('e')); target.removeEventListener('e', f, true); target.dispatchEvent(new Event('e'))",
      ),
      ["f"],
    );
  });

  test("once, passive and signal", () => {
    assert.deepEqual(
      notes(`const c = new AbortController();
        target.addEventListener('e', () => note('once'), { once: true });
        target.addEventListener('e', (e) => { e.preventDefault(); note('passive', e.defaultPrevented); }, { passive: true });
        target.addEventListener('e', () => note('signal'), { signal: c.signal });
        target.addEventListener('e', () => note('never'), { signal: AbortSignal.abort() });
        note(target.dispatchEvent(new Event('e', { cancelable: true }))); c.abort(); target.dispatchEvent(new Event('e'))`),
      ["once", "passive,false", "signal", "true", "passive,false"],
    );
  });

  test("a listener added while dispatching waits, a removed one doesn't run", () => {
    assert.deepEqual(
      notes(
        "const late = () => note('late'); target.addEventListener('e', () => { note('a'); target.addEventListener('e', () => note('new')); target.removeEventListener('e', late); }, { once: true }); target.addEventListener('e', late); target.dispatchEvent(new Event('e')); target.dispatchEvent(new Event('e'))",
      ),
      ["a", "new"],
    );
  });

  test("stopImmediatePropagation ends the round, preventDefault shows", () => {
    assert.deepEqual(
      notes(
        "target.addEventListener('e', (e) => { e.preventDefault(); e.stopImmediatePropagation(); }); target.addEventListener('e', () => note('no')); const e = new Event('e', { cancelable: true }); note(target.dispatchEvent(e), e.defaultPrevented, e.returnValue)",
      ),
      ["false,true,false"],
    );
  });

  test("an event knows its target while and after it is dispatched", () => {
    assert.deepEqual(
      notes(
        "const e = new CustomEvent('e', { detail: 5, bubbles: true }); target.addEventListener('e', function (event) { note(this === target, event.target === target, event.currentTarget === target, event.eventPhase, event.composedPath().length, event.detail, event.bubbles, event.isTrusted); try { target.dispatchEvent(event); } catch (error) { note(error.name); } }); target.dispatchEvent(e); note(e.target === target, e.currentTarget, e.eventPhase, e.composedPath().length)",
      ),
      ["true,true,true,2,1,5,true,false", "InvalidStateError", "true,,0,0"],
    );
  });

  test("a listener's error is logged, and the others run", () => {
    const isolate = new Isolate();
    assert.deepEqual(
      notes(
        "target.addEventListener('e', () => { throw new RangeError('bad'); }); target.addEventListener('e', () => note('next')); target.dispatchEvent(new Event('e'))",
        isolate,
      ),
      ["next"],
    );
    assert.deepEqual(
      isolate.log.map(({ level, message, fields }) => [level, message, fields?.["error"]]),
      [[4, "uncaught error in a listener of 'e'", "RangeError: bad"]],
    );
  });

  test("wrong arguments are TypeErrors", () => {
    for (const call of [
      "new Event()",
      "new EventTarget().dispatchEvent({})",
      "new EventTarget().addEventListener('e')",
      "new EventTarget().addEventListener('e', 5)",
      "new EventTarget().addEventListener('e', () => 1, { signal: {} })",
      "Event('e')",
      "new Event('e', 5)",
    ]) {
      assert.throws(() => new Isolate().eval(call), { name: "TypeError" }, call);
    }
    assert.equal(new Isolate().eval("new EventTarget().addEventListener('e', null)"), undefined);
  });

  test("classes can extend it", () => {
    assert.equal(
      new Isolate().eval(
        "class Bus extends EventTarget { n = 0; } const bus = new Bus(); bus.addEventListener('x', () => bus.n++); bus.dispatchEvent(new Event('x')); bus.n",
      ),
      1,
    );
  });
});

suite("DOMException", () => {
  test("has name, message, code and the constants", () => {
    assert.deepEqual(
      new Isolate().run(
        "(() => { const e = new DOMException('m', 'AbortError'); return [e.name, e.message, e.code, String(e), e instanceof Error, DOMException.ABORT_ERR, e.DATA_CLONE_ERR, e.stack.split('\\n')[0]]; })()",
      ),
      ["AbortError", "m", 20, "AbortError: m", true, 20, 25, "AbortError: m"],
    );
    assert.deepEqual(
      new Isolate().run(
        "(() => { const e = new DOMException('m', { name: 'X', cause: 5 }), d = new DOMException(); return [e.name, e.cause, e.code, d.name, d.message, d.code]; })()",
      ),
      ["X", 5, 0, "Error", "", 0],
    );
  });
});

suite("AbortSignal", () => {
  test("a controller aborts its signal once", () => {
    assert.deepEqual(
      notes(
        "const c = new AbortController(); c.signal.onabort = (e) => note('on', e.type, e.isTrusted, e.target === c.signal); c.signal.addEventListener('abort', () => note('listener')); c.abort('why'); c.abort('again'); note(c.signal.aborted, c.signal.reason); try { c.signal.throwIfAborted(); } catch (reason) { note('threw', reason); }",
      ),
      ["on,abort,true,true", "listener", "true,why", "threw,why"],
    );
  });

  test("the reason is an AbortError where none is given", () => {
    assert.deepEqual(
      notes(
        "const c = new AbortController(); c.abort(); note(c.signal.reason.name, c.signal.reason instanceof DOMException, AbortSignal.abort().reason.code, AbortSignal.abort(0).reason)",
      ),
      ["AbortError,true,20,0"],
    );
  });

  test("onabort can be replaced and taken away", () => {
    assert.deepEqual(
      notes(
        "const c = new AbortController(); c.signal.onabort = () => note('first'); c.signal.onabort = () => note('second'); c.signal.onabort = 5; note(c.signal.onabort); c.signal.onabort = () => note('third'); c.abort()",
      ),
      ["", "third"],
    );
  });

  test("any follows all of its signals, at every depth", () => {
    assert.deepEqual(
      notes(
        "const a = new AbortController(), b = new AbortController(); const ab = AbortSignal.any([a.signal, b.signal]); const deep = AbortSignal.any([ab]); const order = []; deep.addEventListener('abort', () => note('deep', ab.aborted)); ab.addEventListener('abort', () => note('ab', deep.aborted)); a.signal.addEventListener('abort', () => note('a', ab.aborted, deep.aborted)); a.abort('x'); b.abort('y'); note(ab.reason, deep.reason)",
      ),
      ["a,true,true", "ab,true", "deep,true", "x,x"],
    );
    assert.deepEqual(
      notes(
        "note(AbortSignal.any([]).aborted, AbortSignal.any([new AbortController().signal, AbortSignal.abort(7)]).reason)",
      ),
      ["false,7"],
    );
  });

  test("timeout aborts with a TimeoutError when its time has come", async () => {
    const isolate = new Isolate();
    assert.deepEqual(
      await isolate.runAsync(
        "const s = AbortSignal.timeout(50); const early = s.aborted; await new Promise((done) => s.addEventListener('abort', done)); return [early, s.aborted, s.reason.name, performance.now()]",
      ),
      [false, true, "TimeoutError", 50],
    );
  });

  test("it can't be made, and checks its arguments", () => {
    for (const call of [
      "new AbortSignal()",
      "AbortSignal.timeout()",
      "AbortSignal.timeout(-1)",
      "AbortSignal.timeout('x')",
      "AbortSignal.any([{}])",
      "AbortSignal.any()",
      "AbortController()",
    ]) {
      assert.throws(() => new Isolate().eval(call), { name: "TypeError" }, call);
    }
  });
});
