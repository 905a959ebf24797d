import type { encoreWire, Wire } from "../internal/brands.js";

/**
 * A top-level field of a topic's message that also travels as an attribute of the message, for ordering and filtering.
 *
 * ```ts
 * interface CartEvent {
 *   cartId: Attribute<number>;
 *   event: string;
 * }
 * ```
 *
 * In requests and responses of endpoints it is a field like any other.
 */
export type Attribute<T extends string | number | boolean> = T & Wire<"attribute", "">;

/** The names of a message's fields that are attributes: of the example above, `"cartId"`. */
export type AttributesOf<Message extends object> = keyof {
  [Key in keyof Message as true extends IsAttribute<NonNullable<Message[Key]>> ? Key : never]: never;
};

/** Distributes over unions: `boolean` with a brand is one. */
type IsAttribute<Value> = Value extends { readonly [encoreWire]?: infer Payload }
  ? Extract<Payload, { readonly kind: "attribute" }> extends never
    ? never
    : true
  : never;
