import type { TypeSchema } from "../../generated/types_pb.js";
import type { ModelType, ShapeModel } from "../model/type-model.ts";

/** How types refer to each other; {@link partsOf} and {@link changeReferences} go by the same order. */

/** The models that a shape consists of. */
export function partsOf(shape: ShapeModel): readonly ModelType[] {
  switch (shape.kind) {
    case "primitive":
    case "literal":
      return [];
    case "object": {
      const patterns = (shape.patterns ?? []).flatMap(({ key, value }) => [key, value]);
      return [...shape.fields.map(({ type }) => type), ...patterns, ...present(shape.additional)];
    }
    case "array":
    case "set":
      return [shape.element];
    case "record":
      return [shape.value, ...present(shape.key)];
    case "map":
      return [shape.key, shape.value];
    case "union":
      return shape.options;
    case "tuple": {
      const [elements, trailing] = [shape.elements, shape.trailing].map((list) => list.map(({ type }) => type));
      return [...(elements ?? []), ...present(shape.rest), ...(trailing ?? [])];
    }
  }
}

function present(model: ModelType | null): readonly ModelType[] {
  return model === null ? [] : [model];
}

/** The types that a type refers to, in order. */
export function referencesOf(type: TypeSchema): readonly number[] {
  const references: number[] = [];
  changeReferences(type, (id) => {
    references.push(id);
    return id;
  });
  return references;
}

/** Gives the types that a type refers to these numbers, in order. */
export function renumber(type: TypeSchema, numbers: readonly number[]): void {
  let next = 0;
  changeReferences(type, () => numbers[next++] ?? -1);
}

/** Gives the types that a type refers to other numbers. */
export function changeReferences({ shape }: TypeSchema, change: (id: number) => number): void {
  switch (shape.case) {
    case "object": {
      const { fields, patterns, additional } = shape.value;
      for (const field of fields) field.type = change(field.type);
      for (const pattern of patterns) {
        pattern.key = change(pattern.key);
        pattern.value = change(pattern.value);
      }
      if (additional !== undefined) shape.value.additional = change(additional);
      return;
    }
    case "array":
    case "set":
      shape.value.element = change(shape.value.element);
      return;
    case "record":
      shape.value.value = change(shape.value.value);
      if (shape.value.key !== undefined) shape.value.key = change(shape.value.key);
      return;
    case "map":
      shape.value.key = change(shape.value.key);
      shape.value.value = change(shape.value.value);
      return;
    case "union":
      shape.value.options = shape.value.options.map(change);
      return;
    case "tuple": {
      const { elements, rest, trailing } = shape.value;
      for (const element of elements) element.type = change(element.type);
      if (rest !== undefined) shape.value.rest = change(rest);
      for (const element of trailing) element.type = change(element.type);
      return;
    }
    default:
      return;
  }
}
