// Publishes messages and counts those that come back: the same code in every contestant, so that what differs is the broker's client.

/** So long are messages as JSON. */
const bytes = 100;

/** Microseconds, whole, so that messages don't differ in length. */
const clock = () => Math.round(performance.now() * 1000);

/** @type {import("./driver.d.mts").createDriver} */
export function createDriver(publish) {
  let runs = 0;
  let current = newRun(0, 0, () => undefined);

  /** Keeps the window full. */
  function fill() {
    const run = current;
    while (run.published < run.times.length && run.published - run.handled - run.errors < run.window) {
      const message = { run: run.id, number: run.published++, sent: clock(), text: run.text };
      publish(message).then(undefined, () => {
        run.errors++;
        next(run);
      });
    }
  }

  /** @param {ReturnType<typeof newRun>} run */
  function next(run) {
    if (run.handled + run.errors >= run.times.length) run.end();
    else if (run === current) fill();
  }

  return {
    handled(message) {
      const run = current;
      if (message.run !== run.id) return;
      if (run.times[message.number] !== -1) {
        run.duplicates++;
        return;
      }
      run.times[message.number] = clock() - message.sent;
      run.handled++;
      next(run);
    },

    async run(messages, window) {
      const started = clock();
      await new Promise((resolve) => {
        current = newRun(++runs, messages, () => resolve(undefined), window);
        fill();
      });
      const seconds = (clock() - started) / 1e6;
      const { handled, duplicates, errors, times } = current;
      const sorted = times.filter((time) => time !== -1).sort();
      const at = (/** @type {number} */ share) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000;
      return { seconds, handled, duplicates, errors, p50: at(0.5), p99: at(0.99) };
    },
  };
}

/**
 * @param {number} id
 * @param {number} messages
 * @param {() => void} end
 */
function newRun(id, messages, end, window = 0) {
  const example = JSON.stringify({ run: id, number: messages, sent: 10_000_000, text: "" });
  return {
    id,
    window,
    end,
    text: "x".repeat(bytes - example.length),
    published: 0,
    handled: 0,
    duplicates: 0,
    errors: 0,
    /** Of each message the microseconds until it was handled; -1 before. */
    times: new Float64Array(messages).fill(-1),
  };
}
