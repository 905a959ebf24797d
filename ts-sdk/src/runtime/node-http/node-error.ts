/** An error as Node throws it: with a code, which its name shows in stacks. */
export class NodeError extends Error {
  readonly code: string;

  constructor(name: "Error" | "TypeError" | "RangeError", code: string, message: string) {
    super(message);
    this.name = name;
    this.code = code;
  }
}
