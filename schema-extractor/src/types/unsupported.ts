/** What JSON can't carry: why, and what to do instead. */
export interface Refusal {
  readonly message: string;
  readonly help: string;
}

/** By what a type turned out to be; each takes the type as a person would write it. */
export const unsupported = {
  function: (): Refusal => ({
    message: "A function can't travel as JSON.",
    help: "Remove the member, or leave it out with Omit<…>; if it computes a value, send the value.",
  }),
  symbol: (): Refusal => ({
    message: "A symbol can't travel as JSON.",
    help: "Use a string or a union of string literals.",
  }),
  never: (): Refusal => ({
    message: "No value is of type never, so this can't be sent.",
    help: "Make the member optional (`?: never`), or remove it. An intersection of types that exclude each other is never, too.",
  }),
  unresolved: (text: string): Refusal => ({
    message: `The type ${text} is not known here: it depends on a type parameter.`,
    help: "Declare the endpoint with concrete types: a generic function around api() leaves them open.",
  }),
  sendOnly: (text: string): Refusal => ({
    message: `A ${text} becomes JSON by its toJSON(), and nothing says how it is made of JSON again.`,
    help: "Take what toJSON() gives, such as a string or a plain object, and make the object in the handler.",
  }),
  endless: (text: string): Refusal => ({
    message: `The type ${text} contains itself with other type arguments on every level, so it has no end.`,
    help: "Let it contain itself with the same arguments, as Tree<T> does with children: Tree<T>[], or use unknown from some level on.",
  }),
  undefined: (): Refusal => ({
    message: "JSON has no undefined: an array would turn it into null.",
    help: "Use null, or leave the element out.",
  }),
} satisfies Record<string, (text: string) => Refusal>;
