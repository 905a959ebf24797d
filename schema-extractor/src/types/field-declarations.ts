import type { NodeHandle, TypeHandle } from "../checker/handles.ts";
import type { PropertyView, TagView } from "../checker/type-view.ts";
import { readDefault } from "../defaults/default-reader.ts";
import type { ModelType, WireModel } from "../model/type-model.ts";
import type { MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";

/** The model of a type with the rules of the named types that it is written with. */
export function buildWritten(
  builder: TypeBuilder,
  type: TypeHandle,
  context: MemberContext,
  node: NodeHandle | undefined,
): ModelType {
  const model = builder.build(type, context, node);
  return node === undefined ? model : builder.rules.withTags(builder.view.types.tagsOf(node, type), model, context);
}

/** Where a field travels by its type; one whose name isn't known is reported, and goes by the field's own. */
export function readWire(builder: TypeBuilder, property: PropertyView, context: MemberContext): WireModel | null {
  const wire = builder.wires.read(property);
  if (wire === null) return null;
  const { kind, name } = wire;
  if (name !== null) return { kind, name };
  builder.reject(context, {
    code: "wire-unsupported",
    message: `The name of the ${kind} is not one text that is known at build time.`,
    help: `Give the value's type first and the name second, as in ${kind.charAt(0).toUpperCase()}${kind.slice(1)}<"on" | "off", "mode">.`,
  });
  return { kind, name: property.name };
}

/** What a missing field becomes by its `@default`, as JSON; undefined where it stays missing. */
export function readDefaultTag(
  builder: TypeBuilder,
  tags: readonly TagView[],
  type: ModelType,
  wire: WireModel | null,
  context: MemberContext,
): string | undefined {
  const tag = tags.find(({ name }) => name === "default");
  // A common way to say that there is no default.
  if (tag === undefined || tag.text === "undefined") return undefined;
  const cookie = wire?.kind === "cookie" ? cookieValue(type) : undefined;
  const reading = readDefault(tag.text, cookie ?? type);
  if ("json" in reading) return cookie === undefined ? reading.json : `{"value":${reading.json}}`;
  if (tag.isLenient) return undefined;
  builder.reject(context, {
    code: "default-invalid",
    message: `@default ${reading.problem}.`,
    help: 'Write the value as JSON has it, such as @default 10 or @default ["a"], and explanations in the text above the tags.',
  });
  return undefined;
}

/** The type of a cookie's value: what surrounds it is for answers. */
function cookieValue({ shape }: ModelType): ModelType | undefined {
  return shape.kind === "object" ? shape.fields.find(({ name }) => name === "value")?.type : undefined;
}
