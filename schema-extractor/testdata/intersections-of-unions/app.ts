import { api } from "encore.dev/api";
type Method = { kind: "card"; number: string } | { kind: "cash" };
type Payment = { amount: number } & Method;
type Either = ({ a: string } | { b: string }) & ({ c: number } | { d: number });
interface Message {
  payment: Payment;
  either: Either;
  extracted: Extract<Method, { kind: "cash" }> & { paid: true };
  narrowedByTag: Payment & { kind: "cash" };
  narrowed: ("a" | "b" | "c") & ("b" | "c" | "d");
  kept: (string | number) & string;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
