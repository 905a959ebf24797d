import { api } from "encore.dev/api";
type Expression = number | ["add" | "mul", Expression, Expression] | ["neg", Expression];
type Chain = [value: string, next?: Chain];
type Nested = [number, ...Nested[]];
interface Message {
  expression: Expression;
  chain: Chain;
  nested: Nested;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
