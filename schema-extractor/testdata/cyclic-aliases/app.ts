import { api } from "encore.dev/api";
type Loop = Loop;
type A = B;
type B = A | string;
type Same<T> = Same<T>;
interface Message { loop: Loop; a: A; same: Same<string>; fine: number }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
