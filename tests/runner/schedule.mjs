// @ts-check

/**
 * Runs jobs, a few at a time, starting them in the given order.
 * @template T
 * @param {readonly (() => Promise<T>)[]} jobs
 * @param {number} width how many at a time
 * @returns {Promise<T[]>} in the order of the jobs
 */
export async function schedule(jobs, width) {
  /** @type {T[]} */
  const results = [];
  const queue = [...jobs.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, job] = next;
      results[index] = await job();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
