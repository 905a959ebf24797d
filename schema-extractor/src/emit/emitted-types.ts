import type { TypeSchema } from "../../generated/types_pb.js";
import type { ModelType } from "../model/type-model.ts";

/** What was emitted before of models that are used again: from check to check, most of an application stays. */
export class EmittedTypes {
  readonly #types = new WeakMap<ModelType, TypeSchema>();
  #texts = new WeakMap<TypeSchema, string>();
  #files = "";

  /** The message of a model, but for the numbers of files and of other types. */
  get(model: ModelType): TypeSchema | undefined {
    return this.#types.get(model);
  }

  keep(model: ModelType, type: TypeSchema): void {
    this.#types.set(model, type);
  }

  /** What types say by themselves, as long as the files that they are in have the same numbers. */
  texts(files: readonly string[]): WeakMap<TypeSchema, string> {
    const names = files.join("\n");
    if (names !== this.#files) this.#texts = new WeakMap();
    this.#files = names;
    return this.#texts;
  }
}
