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
  tuple: (text: string): Refusal => ({
    message: `The tuple ${text} is not supported yet.`,
    help: "Use an array, or an object with named members.",
  }),
  undefined: (): Refusal => ({
    message: "JSON has no undefined: an array would turn it into null.",
    help: "Use null, or leave the element out.",
  }),
} satisfies Record<string, (text: string) => Refusal>;
