/**
 * Secrets: values that the source doesn't hold.
 *
 * @module
 */
import { isolateRuntime } from "../internal/registry.js";

/** A secret; calling it gives its value. */
export interface Secret<Name extends string> {
  (): string;
  /** Its name. */
  readonly name: Name;
}

/** A secret of any name. */
export type AnySecret = Secret<string>;

/** A name that is written down: any string but one that is only known when the program runs. */
type StringLiteral<Name extends string> = string extends Name ? never : Name;

/**
 * Declares a secret. Its value comes from the environment variable of its name, or from the file `.secrets.local` in the application's folder.
 * Missing, it is "" in development; in production, asking for it throws.
 *
 * ```ts
 * const apiKey = secret("STRIPE_KEY");
 * await fetch(url, { headers: { authorization: `Bearer ${apiKey()}` } });
 * ```
 */
export function secret<Name extends string>(name: StringLiteral<Name>): Secret<Name> {
  const read = (): string => isolateRuntime()?.secret(name) ?? environment(name);
  return Object.defineProperty(read, "name", { value: name }) as unknown as Secret<Name>;
}

/** Outside a host, as in a unit test under Node. */
function environment(name: string): string {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name] ?? "";
}
