/**
 * Puts classes and functions on the global object with the attributes that Web IDL gives them.
 */

const platformPrototypes = new WeakSet<object>();

/** Defines a global: writable, configurable, not enumerable. A function gets the global's name: the bundler may have given it another. */
export function defineGlobal(name: string, value: unknown): void {
  if (typeof value === "function" && value.name !== name)
    Object.defineProperty(value, "name", { value: name, configurable: true });
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

/**
 * Defines globals whose values are made when one of them is first touched. Until then they are accessors; assigning to one replaces it.
 */
export function defineLazyGlobals<Names extends string>(
  names: readonly Names[],
  load: () => Record<Names, unknown>,
): void {
  for (const name of names) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() {
        const value = load()[name];
        defineGlobal(name, value);
        return value;
      },
      set(value: unknown) {
        defineGlobal(name, value);
      },
    });
  }
}

/**
 * Makes a class an interface of a given name (the bundler may have given the class another): enumerable members, a `Symbol.toStringTag`, constants on class and prototype.
 * Instances can't be cloned by `structuredClone` unless `cloneable`.
 */
export function defineInterface(
  name: string,
  constructor: abstract new (...args: never[]) => object,
  { constants = {}, cloneable = false }: { constants?: Record<string, number>; cloneable?: boolean } = {},
): void {
  const prototype = constructor.prototype as object;
  for (const [member, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (member !== "constructor") Object.defineProperty(prototype, member, { ...descriptor, enumerable: true });
  }
  for (const [member, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(constructor))) {
    if (typeof descriptor.value === "function")
      Object.defineProperty(constructor, member, { ...descriptor, enumerable: true });
  }
  for (const [constant, value] of Object.entries(constants)) {
    Object.defineProperty(constructor, constant, { value, enumerable: true });
    Object.defineProperty(prototype, constant, { value, enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  Object.defineProperty(constructor, "name", { value: name, configurable: true });
  if (!cloneable) platformPrototypes.add(prototype);
}

/** Whether an object is an instance of an interface that can't be cloned. */
export function isPlatformObject(value: object): boolean {
  for (
    let at = Object.getPrototypeOf(value) as object | null;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (platformPrototypes.has(at)) return true;
  }
  return false;
}

/** Web IDL's `USVString`: the string with lone surrogates replaced by U+FFFD. */
export function toUSVString(value: unknown): string {
  return String(value).toWellFormed();
}

/** Throws unless a call has the arguments it needs. */
export function requireArguments(given: number, needed: number, what: string): void {
  if (given < needed) {
    throw new TypeError(
      `${what}: ${String(needed)} argument${needed === 1 ? "" : "s"} required, but only ${String(given)} present.`,
    );
  }
}
