import { DOMException } from "../events/dom-exception.js";
import { isPlatformObject, requireArguments } from "../web-idl.js";
import { cloneBuffer, cloneView, Transfers } from "./buffers.js";

type Rebuild = (value: object, clone: Cloner) => object;

const errorConstructors: Record<string, ErrorConstructor> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/**
 * https://html.spec.whatwg.org/#dom-structuredclone, in one pass: without another realm there is no need of a serialised form.
 */
export function structuredClone<T>(value: T, options?: { transfer?: object[] }): T {
  requireArguments(arguments.length, 1, "structuredClone");
  const transfers = new Transfers(options?.transfer ?? []);
  const result = new Cloner(transfers).clone(value) as T;
  transfers.detachRest();
  return result;
}

class Cloner {
  readonly transfers: Transfers;
  readonly #clones = new Map<object, object>();

  constructor(transfers: Transfers) {
    this.transfers = transfers;
  }

  clone(value: unknown): unknown {
    if (typeof value === "symbol" || typeof value === "function") throw cannotClone(value);
    if (typeof value !== "object" || value === null) return value;
    const known = this.#clones.get(value);
    if (known !== undefined) return known;
    const prototype = Object.getPrototypeOf(value) as object | null;
    // What has one of these prototypes may still be something else inside, so only arrays and what has no prototype are taken on trust.
    if (Array.isArray(value)) return this.copyProperties(value, this.remember(value, new Array(value.length)));
    if (prototype === null) return this.copyProperties(value, this.remember(value, {}));
    const rebuild = rebuilders.find(([matches]) => matches(value))?.[1];
    if (rebuild !== undefined) return rebuild(value, this);
    if (isPlatformObject(value) || isOpaque(value)) throw cannotClone(value);
    return this.copyProperties(value, this.remember(value, {}));
  }

  /** Makes a clone known before its parts are cloned, since they may refer back to it. */
  remember<T extends object>(value: object, clone: T): T {
    this.#clones.set(value, clone);
    return clone;
  }

  copyProperties<T extends object>(from: object, to: T): T {
    for (const key of Object.keys(from)) {
      // An earlier property's getter may have removed a later one.
      if (!Object.hasOwn(from, key)) continue;
      const value = this.clone((from as Record<string, unknown>)[key]);
      Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
    }
    return to;
  }
}

const rebuilders: [matches: (value: object) => boolean, rebuild: Rebuild][] = [
  [
    hasSlot(Date, (value) => value.getTime()),
    (value, cloner) => cloner.remember(value, new Date((value as Date).getTime())),
  ],
  [hasSlot(RegExp, (value) => value.flags), (value, cloner) => cloner.remember(value, new RegExp(value as RegExp))],
  [hasSlot(Map, getter(Map, "size")), cloneMap],
  [hasSlot(Set, getter(Set, "size")), cloneSet],
  [(value) => value instanceof Error, cloneError],
  [(value) => ArrayBuffer.isView(value), (value, cloner) => cloneView(value as ArrayBufferView, cloner)],
  [(value) => value instanceof ArrayBuffer, (value, cloner) => cloneBuffer(value as ArrayBuffer, cloner)],
  ...[Boolean, Number, String, BigInt].map(wrapperRebuilder),
];

function wrapperRebuilder(type: { prototype: object }): [(value: object) => boolean, Rebuild] {
  const valueOf = type.prototype.valueOf;
  return [
    hasSlot(type as new () => object, (value) => valueOf.call(value)),
    (value, cloner) => cloner.remember(value, Object(valueOf.call(value)) as object),
  ];
}

function cloneMap(value: object, cloner: Cloner): object {
  const result = cloner.remember(value, new Map<unknown, unknown>());
  // Copied first: cloning an entry can run a getter that changes the map.
  for (const [key, item] of [...(value as Map<unknown, unknown>)]) result.set(cloner.clone(key), cloner.clone(item));
  return result;
}

function cloneSet(value: object, cloner: Cloner): object {
  const result = cloner.remember(value, new Set<unknown>());
  for (const item of [...(value as Set<unknown>)]) result.add(cloner.clone(item));
  return result;
}

function cloneError(value: object, cloner: Cloner): object {
  const error = value as Error;
  const message = Object.getOwnPropertyDescriptor(error, "message");
  const text = message !== undefined && "value" in message ? String(message.value) : undefined;
  const result =
    error instanceof DOMException
      ? new DOMException(error.message, error.name)
      : new (errorConstructors[String(error.name)] ?? Error)(...(text === undefined ? [] : [text]));
  cloner.remember(value, result);
  if (typeof error.stack === "string") {
    Object.defineProperty(result, "stack", { value: error.stack, writable: true, configurable: true });
  }
  if (Object.hasOwn(error, "cause")) {
    Object.defineProperty(result, "cause", { value: cloner.clone(error.cause), writable: true, configurable: true });
  }
  return result;
}

/** A test for objects that have what a class's own constructor made, and not only its prototype. */
function hasSlot<T extends object>(
  type: abstract new (...args: never[]) => T,
  read: (value: T) => unknown,
): (value: object) => boolean {
  return (value) => {
    if (!(value instanceof type)) return false;
    try {
      read(value);
      return true;
    } catch {
      return false;
    }
  };
}

function getter(type: { prototype: object }, name: string): (value: object) => unknown {
  const get = Object.getOwnPropertyDescriptor(type.prototype, name)?.get;
  return (value) => get?.call(value) as unknown;
}

/** Objects of the language whose state no copy could have. */
function isOpaque(value: object): boolean {
  return (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef ||
    Object.prototype.toString.call(value) === "[object Generator]"
  );
}

function cannotClone(value: unknown): DOMException {
  const what =
    typeof value === "function" ? (value.name === "" ? "function" : `function ${value.name}`) : describe(value);
  return new DOMException(`${what} could not be cloned.`, "DataCloneError");
}

function describe(value: unknown): string {
  return typeof value === "symbol" ? String(value) : Object.prototype.toString.call(value);
}

export type { Cloner };
