import { describeAs } from "../inspection.js";
import { defineInterface, requireArguments } from "../web-idl.js";
import type { HeaderField } from "./protocol.js";

export type HeadersInit = Headers | Iterable<Iterable<string>> | Record<string, string>;

// RFC 9110, 5.6.2: token.
const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// The standard forbids these three, and what is no byte.
const valuePattern = /^[^\0\n\r\u0100-\uffff]*$/;

interface Entry {
  /** As it was first written; requests are sent with it. */
  readonly name: string;
  values: string[];
}

let entriesOf: (headers: Headers) => Map<string, Entry>;
let seal: (headers: Headers) => void;

/** https://fetch.spec.whatwg.org/#headers-class. On a server no header is forbidden: the guard is "none" or "immutable". */
export class Headers {
  readonly #entries = new Map<string, Entry>();
  #immutable = false;

  static {
    entriesOf = (headers) => headers.#entries;
    seal = (headers) => {
      headers.#immutable = true;
    };
  }

  constructor(init?: HeadersInit) {
    if (init === undefined) return;
    if ((typeof init !== "object" && typeof init !== "function") || init === null) {
      throw new TypeError(
        "Failed to construct 'Headers': The provided value is not of type '(record<ByteString, ByteString> or sequence<sequence<ByteString>>)'.",
      );
    }
    if (init instanceof Headers) {
      // Not by its iterator, which gives names in lower case: they are to be sent as they were written.
      for (const [name, value] of headerFields(init)) this.append(name, value);
    } else if (typeof (init as Iterable<unknown>)[Symbol.iterator] === "function") {
      for (const pair of init as Iterable<Iterable<string>>) {
        const [name, value, ...more] = [...pair];
        if (name === undefined || value === undefined || more.length > 0) {
          throw new TypeError("Headers constructor: expected name/value pair to be length 2.");
        }
        this.append(name, value);
      }
    } else {
      // As Web IDL reads a record: own enumerable keys, and a symbol among them is an error.
      for (const key of Reflect.ownKeys(init)) {
        if (Object.getOwnPropertyDescriptor(init, key)?.enumerable !== true) continue;
        if (typeof key === "symbol") throw new TypeError("Headers constructor: a key is a symbol.");
        this.append(key, (init as Record<string, string>)[key] as string);
      }
    }
  }

  append(name: string, value: string): void {
    requireArguments(arguments.length, 2, "Headers.append");
    const text = String(name);
    const normalized = checkedValue(value, checkedName(text, "append"), "append");
    this.#demandMutable();
    const entry = this.#entries.get(text.toLowerCase());
    if (entry === undefined) this.#entries.set(text.toLowerCase(), { name: text, values: [normalized] });
    else entry.values.push(normalized);
  }

  delete(name: string): void {
    requireArguments(arguments.length, 1, "Headers.delete");
    const key = checkedName(String(name), "delete");
    this.#demandMutable();
    this.#entries.delete(key);
  }

  get(name: string): string | null {
    requireArguments(arguments.length, 1, "Headers.get");
    return this.#entries.get(checkedName(String(name), "get"))?.values.join(", ") ?? null;
  }

  getSetCookie(): string[] {
    return [...(this.#entries.get("set-cookie")?.values ?? [])];
  }

  has(name: string): boolean {
    requireArguments(arguments.length, 1, "Headers.has");
    return this.#entries.has(checkedName(String(name), "has"));
  }

  set(name: string, value: string): void {
    requireArguments(arguments.length, 2, "Headers.set");
    const text = String(name);
    const normalized = checkedValue(value, checkedName(text, "set"), "set");
    this.#demandMutable();
    this.#entries.set(text.toLowerCase(), {
      name: this.#entries.get(text.toLowerCase())?.name ?? text,
      values: [normalized],
    });
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: unknown): void {
    requireArguments(arguments.length, 1, "Headers.forEach");
    if (typeof callback !== "function") throw new TypeError("Headers.forEach: parameter 1 is not of type 'Function'.");
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  *entries(): IterableIterator<[string, string]> {
    // The list is sorted anew at each step, since it may change meanwhile.
    for (let index = 0; ; index++) {
      const pair = this.#sorted()[index];
      if (pair === undefined) return;
      yield pair;
    }
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  #sorted(): [string, string][] {
    const names = [...this.#entries.keys()].sort();
    return names.flatMap((name): [string, string][] => {
      const values = this.#entries.get(name)?.values ?? [];
      return name === "set-cookie" ? values.map((value) => [name, value]) : [[name, values.join(", ")]];
    });
  }

  #demandMutable(): void {
    if (this.#immutable) throw new TypeError("immutable");
  }
}

defineInterface("Headers", Headers);
Object.defineProperty(Headers.prototype, Symbol.iterator, {
  value: Headers.prototype.entries,
  writable: true,
  configurable: true,
  enumerable: false,
});
describeAs(Headers, (headers) => Object.fromEntries(headers));

/** The fields in the form in which they are sent: values of one name apart, names as they were written. */
export function headerFields(headers: Headers): HeaderField[] {
  return [...entriesOf(headers).values()].flatMap(({ name, values }) =>
    values.map((value): HeaderField => [name, value]),
  );
}

/** Headers that can't be changed, as those of a response from the network. */
export function immutableHeaders(fields: Iterable<HeaderField>): Headers {
  const headers = new Headers();
  for (const [name, value] of fields) {
    // What arrives is taken as it is, except for what no header can be.
    if (namePattern.test(name) && valuePattern.test(value)) headers.append(name, value);
  }
  seal(headers);
  return headers;
}

function checkedName(name: string, method: string): string {
  if (!namePattern.test(name)) throw new TypeError(`Headers.${method}: ${name} is an invalid header name.`);
  return name.toLowerCase();
}

function checkedValue(value: unknown, name: string, method: string): string {
  const normalized = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  if (!valuePattern.test(normalized)) throw new TypeError(`Headers.${method}: ${name} has an invalid value.`);
  return normalized;
}
