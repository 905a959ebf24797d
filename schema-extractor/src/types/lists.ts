import type { NodeHandle, TypeHandle } from "../checker/handles.ts";
import type { TupleElementView, TupleView, TypeView } from "../checker/type-view.ts";
import { anonymousType, type ModelType, type ShapeModel, type TupleElementModel } from "../model/type-model.ts";
import { elementOf, indexOf, type MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";
import { unsupported } from "./unsupported.ts";

/** An array. One of `never` is always empty: what `[]` without a type is. */
export function buildList(
  builder: TypeBuilder,
  view: Extract<TypeView, { kind: "array" }>,
  context: MemberContext,
): ShapeModel {
  if (builder.view.types.isNever(view.element)) return { kind: "tuple", elements: [], rest: null, trailing: [] };
  return { kind: "array", element: buildElement(builder, view.element, view.elementNode, elementOf(context)) };
}

/** A tuple, element by element. */
export function buildTuple(builder: TypeBuilder, view: TupleView, context: MemberContext): ShapeModel {
  const { elements, rest, trailing } = view;
  return {
    kind: "tuple",
    elements: elements.map((element, index) => tupleElement(builder, element, indexOf(context, index))),
    rest: rest === undefined ? null : buildElement(builder, rest.type, rest.node, elementOf(context)),
    trailing: trailing.map((element, index) =>
      tupleElement(builder, element, indexOf(context, index - trailing.length)),
    ),
  };
}

/** What stands in a list, where undefined can't: JSON has none. */
export function buildElement(
  builder: TypeBuilder,
  type: TypeHandle,
  node: NodeHandle | undefined,
  context: MemberContext,
): ModelType {
  const present = builder.view.types.withoutUndefined(type, node);
  if (present === undefined || present.optional) builder.reject(context, unsupported.undefined());
  return present === undefined
    ? anonymousType({ kind: "primitive", primitive: "any" })
    : builder.build(present.type, context, node);
}

function tupleElement(builder: TypeBuilder, element: TupleElementView, context: MemberContext): TupleElementModel {
  const { type, optional, label, node } = element;
  const present = optional ? builder.view.types.withoutUndefined(type, node) : undefined;
  const model =
    present === undefined ? buildElement(builder, type, node, context) : builder.build(present.type, context, node);
  return { type: model, optional, label };
}
