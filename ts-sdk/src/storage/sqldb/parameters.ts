import { Decimal } from "../../types/decimal.js";

/**
 * What can be inserted into a statement. An array becomes an array, or JSON where the statement wants that; another object becomes JSON, or a
 * composite, range or hstore where the statement wants one. `undefined` is refused: SQL's NULL is `null`.
 */
export type Primitive =
  | string
  | number
  | boolean
  | bigint
  // eslint-disable-next-line @typescript-eslint/no-wrapper-object-types -- as the official declarations have it
  | BigInt
  | Date
  | Decimal
  | Uint8Array
  | ArrayBuffer
  | readonly unknown[]
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the official declarations have it
  | Record<string, any>
  | null
  | undefined;

/** Parameters as they cross to the host: `PgParameters` reads them. */
export interface EncodedParameters {
  readonly values: readonly unknown[];
  /** What bytes among them are slices of. */
  readonly bytes: Uint8Array | undefined;
}

/** Writes parameters. @throws {TypeError} that names the one that can't be */
export function encodeParameters(values: readonly unknown[]): EncodedParameters {
  for (const value of values) {
    if (!isPlain(value)) return new Encoder().encode(values);
  }
  return { values, bytes: undefined };
}

/** The JSON of parameters that it carries as they are; undefined where one needs {@link encodeParameters}. */
export function plainParameters(values: readonly unknown[]): string | undefined {
  let text = "[";
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (!isPlain(value)) return undefined;
    if (index > 0) text += ",";
    // A finite number's text is its JSON.
    text += typeof value === "string" ? JSON.stringify(value) : String(value);
  }
  return `${text}]`;
}

/** Whether JSON carries a value as it is. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    default:
      return value === null;
  }
}

/** Writes what JSON has no form for as a pair of a letter and a text. */
export class Encoder {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  encode(values: readonly unknown[]): EncodedParameters {
    const encoded = values.map((value, index) => this.value(value, `parameter ${index + 1}`));
    return { values: encoded, bytes: this.bytes };
  }

  /** All bytes met so far. */
  get bytes(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  /** @param name what errors call the value */
  value(value: unknown, name: string): unknown {
    if (isPlain(value)) return value;
    switch (typeof value) {
      case "number":
        return ["f", String(value)];
      case "bigint":
        return ["n", String(value)];
      case "object":
        return this.#object(value as object, name);
      case "undefined":
        throw new TypeError(`${name} of the statement is undefined: pass null where NULL is meant`);
      default:
        throw new TypeError(`${name} of the statement is a ${typeof value}, which no database can hold`);
    }
  }

  #object(value: object, name: string): unknown {
    if (Array.isArray(value)) return ["a", value.map((element, index) => this.value(element, `${name}, [${index}]`))];
    if (value instanceof Date) return ["d", timeOf(value, name)];
    if (value instanceof Decimal) return ["m", value.value];
    if (value instanceof Uint8Array) return this.#bytes(value);
    if (value instanceof ArrayBuffer) return this.#bytes(new Uint8Array(value));
    if (ArrayBuffer.isView(value)) {
      return this.#bytes(new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength));
    }
    if (value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof BigInt) {
      return this.value(value.valueOf(), name);
    }
    return ["j", jsonOf(value, name)];
  }

  #bytes(bytes: Uint8Array): unknown {
    const offset = this.#length;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    return ["b", offset, bytes.length];
  }
}

function timeOf(date: Date, name: string): number {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new TypeError(`${name} of the statement is an invalid Date`);
  return time;
}

function jsonOf(value: object, name: string): string {
  try {
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return text;
  } catch (error) {
    throw new TypeError(`${name} of the statement can't be written as JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  throw new TypeError(`${name} of the statement has no JSON`);
}
