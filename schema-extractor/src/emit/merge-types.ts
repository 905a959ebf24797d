import type { TypeSchema } from "../../generated/types_pb.js";
import { changeReferences, referencesOf } from "./references.ts";

/**
 * Makes types that say the same one, also where they contain themselves.
 *
 * What an earlier check found is used again where nothing changed, so that a type may be there twice: the artifact is to be
 * that of a first check all the same. Of equal types the first one stays, which keeps the order in which they were met.
 * @param texts what types say by themselves, where that is known
 * @returns by a type's number, the number that it has from then on; `types` holds those that stay
 */
export function mergeTypes(
  types: readonly TypeSchema[],
  texts: WeakMap<TypeSchema, string>,
): { readonly types: TypeSchema[]; readonly numbers: number[] } {
  const representatives = new Merger(types, texts).run();
  const numbers: number[] = [];
  const kept: TypeSchema[] = [];
  for (const [id, type] of types.entries()) {
    const representative = representatives[id] ?? id;
    numbers.push(representative === id ? kept.length : (numbers[representative] ?? -1));
    if (representative === id) kept.push(type);
  }
  for (const type of kept) changeReferences(type, (id) => numbers[id] ?? -1);
  return { types: kept, numbers };
}

class Merger {
  readonly #types: readonly TypeSchema[];
  readonly #references: readonly (readonly number[])[];
  readonly #texts: WeakMap<TypeSchema, string>;
  readonly #representatives: number[] = [];
  readonly #known = new Map<string, readonly number[]>();
  // Tarjan's algorithm: numbers in the order of the search, and the lowest one that can be reached.
  readonly #index: number[] = [];
  readonly #low: number[] = [];
  readonly #stack: number[] = [];
  readonly #onStack = new Set<number>();
  #next = 0;

  constructor(types: readonly TypeSchema[], texts: WeakMap<TypeSchema, string>) {
    this.#types = types;
    this.#texts = texts;
    this.#references = types.map(referencesOf);
  }

  run(): readonly number[] {
    for (const id of this.#types.keys()) if (this.#index[id] === undefined) this.#visit(id);
    // Whichever of equal types the search completed first: the one with the lowest number stands for them.
    const first = new Map<number, number>();
    return this.#representatives.map((representative, id) => {
      const lowest = first.get(representative) ?? id;
      first.set(representative, lowest);
      return lowest;
    });
  }

  #visit(id: number): void {
    const index = this.#next++;
    this.#index[id] = index;
    this.#low[id] = index;
    this.#stack.push(id);
    this.#onStack.add(id);
    for (const target of this.#references[id] ?? []) {
      if (this.#index[target] === undefined) this.#visit(target);
      else if (!this.#onStack.has(target)) continue;
      this.#low[id] = Math.min(this.#low[id] ?? 0, this.#low[target] ?? 0);
    }
    if (this.#low[id] === index) this.#settle(this.#popUntil(id));
  }

  #popUntil(id: number): number[] {
    const component: number[] = [];
    for (let last = this.#stack.pop(); last !== undefined; last = this.#stack.pop()) {
      this.#onStack.delete(last);
      component.push(last);
      if (last === id) break;
    }
    return component;
  }

  /** Types that contain each other, or one alone; what they refer to besides is settled. */
  #settle(component: readonly number[]): void {
    const isWithin = new Set(component);
    const written = this.#startsOf(component).map((start) => this.#write(start, isWithin));
    const [first, ...others] = written;
    if (first === undefined) return;
    const chosen = others.reduce((best, next) => (next.text < best.text ? next : best), first);
    const known = this.#known.get(chosen.text);
    if (known === undefined) this.#known.set(chosen.text, chosen.members);
    for (const [place, id] of chosen.members.entries()) this.#representatives[id] = known?.[place] ?? id;
  }

  /** Where to begin to write a circle down: at what comes first by what it says, of what nothing else in it says. */
  #startsOf(component: readonly number[]): readonly number[] {
    const [only, ...others] = component;
    if (only !== undefined && others.length === 0) return [only];
    const texts = component.map((id) => this.#localText(id));
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    const single = texts.filter((text) => counts.get(text) === 1);
    const least = (single.length > 0 ? single : texts).reduce((best, text) => (text < best ? text : best));
    return component.filter((_, place) => texts[place] === least);
  }

  /** What types say, with others by their numbers: within the circle by the order in which they are met. */
  #write(start: number, isWithin: ReadonlySet<number>): { readonly text: string; readonly members: readonly number[] } {
    const members = [start];
    const places = new Map([[start, 0]]);
    let text = "";
    for (const id of members) {
      text += `${this.#localText(id)}\n`;
      for (const target of this.#references[id] ?? []) {
        if (!isWithin.has(target)) {
          text += `${this.#representatives[target] ?? target} `;
          continue;
        }
        const place = places.get(target) ?? members.length;
        if (place === members.length) {
          members.push(target);
          places.set(target, place);
        }
        text += `#${place} `;
      }
      text += "\n";
    }
    return { text, members };
  }

  #localText(id: number): string {
    const type = this.#types[id];
    if (type === undefined) return "";
    const text = this.#texts.get(type) ?? localText(type);
    this.#texts.set(type, text);
    return text;
  }
}

/** What a type says by itself. */
function localText({ name, position, doc, rule, shape, bytesClass }: TypeSchema): string {
  const place = position === undefined ? "" : `${position.file}:${position.line}:${position.column}`;
  const head = `${name} ${place} ${doc} ${rule === undefined ? "" : JSON.stringify(rule)} ${shape.case ?? ""}`;
  switch (shape.case) {
    case "object": {
      const fields = shape.value.fields.map(({ type: _, ...field }) => field);
      const { additional } = shape.value;
      return `${head} ${JSON.stringify(fields)} ${shape.value.patterns.length} ${additional !== undefined}`;
    }
    case "tuple": {
      const { elements, rest, trailing } = shape.value;
      const parts = [elements, trailing].map((list) => list.map(({ optional, label }) => [optional, label]));
      return `${head} ${JSON.stringify(parts)} ${rest !== undefined}`;
    }
    case "record":
      return `${head} ${shape.value.key !== undefined}`;
    case "primitive":
      return `${head} ${shape.value} ${bytesClass}`;
    case "literal":
      return `${head} ${JSON.stringify(shape.value)}`;
    default:
      return head;
  }
}
