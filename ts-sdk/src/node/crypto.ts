/**
 * The part of Node's `crypto` that the isolate has: random values, and comparing without telling by the time it takes.
 */

interface BufferConstructor {
  from(bytes: Uint8Array["buffer"]): Uint8Array;
}

type Callback<Value> = (error: Error | null, value: Value) => void;

/** `getRandomValues` gives no more at once. */
const mostAtOnce = 65_536;
const largestRange = 2 ** 48 - 1;

/** A Buffer of random bytes. */
export function randomBytes(size: number, callback?: Callback<Uint8Array>): Uint8Array | undefined {
  if (!Number.isInteger(size) || size < 0) {
    throw new RangeError(`The value of "size" is out of range. It must be a whole number from 0 on. Received ${size}`);
  }
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += mostAtOnce) crypto.getRandomValues(bytes.subarray(at, at + mostAtOnce));
  const buffer = (globalThis as unknown as { Buffer: BufferConstructor }).Buffer.from(bytes.buffer);
  if (callback === undefined) return buffer;
  queueMicrotask(() => {
    callback(null, buffer);
  });
  return undefined;
}

/** A whole number from `min` (0 where there is only one argument) up to and without `max`, each as likely as the others. */
export function randomInt(
  min: number,
  max?: number | Callback<number>,
  callback?: Callback<number>,
): number | undefined {
  const [from, to, done] = typeof max === "number" ? [min, max, callback] : [0, min, max];
  const range = to - from;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || range <= 0 || range > largestRange) {
    throw new RangeError(`The value of "max" is out of range. Received ${to}`);
  }
  const value = from + below(range);
  if (done === undefined) return value;
  queueMicrotask(() => {
    done(null, value);
  });
  return undefined;
}

/** Numbers of 48 bits; those beyond the last whole multiple of the range would make some more likely than others. */
function below(range: number): number {
  const limit = 2 ** 48 - (2 ** 48 % range);
  for (;;) {
    const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
    const value = (high >>> 16) * 2 ** 32 + low;
    if (value < limit) return value % range;
  }
}

/** Whether two byte sequences of one length are the same; takes as long whether they are or not. */
export function timingSafeEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.byteLength !== right.byteLength) throw new RangeError("Input buffers must have the same byte length");
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}

export const randomUUID = (): string => crypto.randomUUID();

export const getRandomValues = <Values extends Uint8Array>(values: Values): Values =>
  crypto.getRandomValues<never>(values as never);

export const webcrypto = crypto;

export default { getRandomValues, randomBytes, randomInt, randomUUID, timingSafeEqual, webcrypto };
