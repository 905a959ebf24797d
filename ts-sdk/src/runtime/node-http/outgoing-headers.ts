import { NodeError } from "./node-error.js";

/** RFC 9110, sections 5.6.2 and 5.5. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const forbidden = /[^\t\x20-\x7e\x80-\xff]/;

export type HeaderValue = string | number | readonly string[];

/** A response's headers while they can be changed: as written, found by lower-case names. */
export class OutgoingHeaders {
  readonly #lines = new Map<string, { name: string; value: HeaderValue }>();

  set(name: string, value: HeaderValue): void {
    checkName(name);
    for (const line of Array.isArray(value) ? value : [value]) checkValue(name, line);
    this.#lines.set(name.toLowerCase(), { name, value });
  }

  append(name: string, value: string | readonly string[]): void {
    const before = this.get(name);
    this.set(name, before === undefined ? value : [...texts(before), ...texts(value)]);
  }

  get(name: string): HeaderValue | undefined {
    return this.#lines.get(name.toLowerCase())?.value;
  }

  has(name: string): boolean {
    return this.#lines.has(name.toLowerCase());
  }

  remove(name: string): void {
    this.#lines.delete(name.toLowerCase());
  }

  names(): string[] {
    return [...this.#lines.keys()];
  }

  rawNames(): string[] {
    return [...this.#lines.values()].map(({ name }) => name);
  }

  all(): Record<string, HeaderValue> {
    return Object.fromEntries([...this.#lines].map(([name, { value }]) => [name, value]));
  }

  /** One line for each value. */
  lines(): (readonly [string, string])[] {
    return [...this.#lines.values()].flatMap(({ name, value }) => texts(value).map((text) => [name, text] as const));
  }
}

function texts(value: HeaderValue): string[] {
  return typeof value === "object" ? value.map(String) : [String(value)];
}

function checkName(name: unknown): void {
  if (typeof name === "string" && token.test(name)) return;
  throw new NodeError(
    "TypeError",
    "ERR_INVALID_HTTP_TOKEN",
    `Header name must be a valid HTTP token ["${String(name)}"]`,
  );
}

function checkValue(name: string, value: unknown): void {
  if (value === undefined) {
    throw new NodeError("TypeError", "ERR_HTTP_INVALID_HEADER_VALUE", `Invalid value "undefined" for header "${name}"`);
  }
  if (!forbidden.test(String(value))) return;
  throw new NodeError("TypeError", "ERR_INVALID_CHAR", `Invalid character in header content ["${name}"]`);
}
