import type { FamilyHandle, TypeHandle } from "../checker/handles.ts";
import type { MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";
import { unsupported } from "./unsupported.ts";

/** How often one declaration may stand within itself with other type arguments each time. */
const maximumDepth = 64;

interface Level {
  readonly type: TypeHandle;
  readonly context: MemberContext;
}

/** The types within which others are being built. */
export type ExpansionLevels = ReadonlyMap<FamilyHandle, readonly Level[]>;

/**
 * Stops at types without an end.
 *
 * A recursive type refers back to itself. `interface Nest<T> { next: Nest<T[]> }` doesn't: each level is a type of its own.
 */
export class ExpansionGuard {
  readonly #builder: TypeBuilder;
  #open = new Map<FamilyHandle, Level[]>();
  readonly #endless = new Set<FamilyHandle>();

  constructor(builder: TypeBuilder) {
    this.#builder = builder;
  }

  /** Whether a type may be built; false for one without an end, which is reported once. */
  enter(type: TypeHandle, context: MemberContext): boolean {
    const family = this.#builder.view.types.familyOf(type);
    if (family === undefined) return true;
    if (this.#endless.has(family)) return false;
    const open = this.#open.get(family) ?? [];
    if (open.length === maximumDepth) {
      this.#endless.add(family);
      // The first level within itself is where the declaration says so.
      const { type: first, context: place } = open[1] ?? { type, context };
      this.#builder.reject(place, unsupported.endless(this.#builder.view.types.describe(first)));
      return false;
    }
    open.push({ type, context });
    this.#open.set(family, open);
    return true;
  }

  /** What is open now, for a part of it that is built later. */
  levels(): ExpansionLevels {
    return new Map([...this.#open].map(([family, levels]) => [family, [...levels]]));
  }

  /** Goes on within what was open then. */
  resume(levels: ExpansionLevels): void {
    this.#open = new Map([...levels].map(([family, open]) => [family, [...open]]));
  }

  /** A type that was entered is complete. */
  leave(type: TypeHandle): void {
    const family = this.#builder.view.types.familyOf(type);
    if (family !== undefined) this.#open.get(family)?.pop();
  }
}
