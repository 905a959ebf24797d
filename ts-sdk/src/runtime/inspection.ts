/** Node's protocol for objects that say themselves how `console.log` shows them. */
const inspectSymbol = Symbol.for("nodejs.util.inspect.custom");

interface InspectOptions {
  depth?: number | null;
}

type Inspect = (value: unknown, options: InspectOptions) => string;

/** Lets `console.log` show an interface's instances by what they hold, which lies behind getters. */
export function describeAs<T extends object>(
  type: { readonly prototype: T; readonly name: string },
  contents: (instance: T) => object,
): void {
  Object.defineProperty(type.prototype, inspectSymbol, {
    value(this: T, depth: number, options: InspectOptions, inspect: Inspect) {
      if (depth < 0) return `[${type.name}]`;
      // Read only now: the class gets its name when it becomes a global.
      return `${type.name} ${inspect(contents(this), { ...options, depth: typeof options.depth === "number" ? options.depth - 1 : null })}`;
    },
    writable: true,
    configurable: true,
  });
}
