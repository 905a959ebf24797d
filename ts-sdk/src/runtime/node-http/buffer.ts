/** Node's Buffer: the package's, which lacks one encoding that Node's has. Its base64 reads both alphabets; only writing differs. */
import { Buffer } from "buffer";

type WithEncoding = (this: unknown, ...values: unknown[]) => unknown;

const urlEncoding = /^base64url$/i;

/** Functions that read texts or count their bytes, and the first of their arguments that may name an encoding. */
const readers: readonly [owner: object, name: string, first: number][] = [
  [Buffer, "from", 1],
  [Buffer, "alloc", 2],
  [Buffer, "byteLength", 1],
  [Buffer, "isEncoding", 0],
  [Buffer.prototype, "write", 1],
  [Buffer.prototype, "fill", 1],
  [Buffer.prototype, "indexOf", 1],
  [Buffer.prototype, "lastIndexOf", 1],
  [Buffer.prototype, "includes", 1],
];

for (const [owner, name, first] of readers) {
  const original = (owner as Record<string, WithEncoding>)[name];
  if (original === undefined) continue;
  const value: WithEncoding = function (...values) {
    return original.apply(
      this,
      values.map((each, index) => (index >= first && isUrlEncoding(each) ? "base64" : each)),
    );
  };
  Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}

const toString = (Buffer.prototype as unknown as Record<string, WithEncoding>)["toString"];
Object.defineProperty(Buffer.prototype, "toString", {
  value: function (this: unknown, encoding?: unknown, ...range: unknown[]): unknown {
    if (!isUrlEncoding(encoding)) return toString?.call(this, encoding, ...range);
    const text = String(toString?.call(this, "base64", ...range));
    return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  },
  writable: true,
  configurable: true,
});

function isUrlEncoding(value: unknown): boolean {
  return typeof value === "string" && urlEncoding.test(value);
}

export { Buffer };
