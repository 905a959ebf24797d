// @ts-check

/**
 * The middle value; of an even number of values, the mean of the middle two.
 * @param {readonly number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) {
    throw new RangeError("a median needs at least one value");
  }
  return (lower + upper) / 2;
}
