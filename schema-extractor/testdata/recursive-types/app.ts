import { api } from "encore.dev/api";
interface Tree { value: number; left?: Tree; right: Tree | null }
interface Comment { text: string; replies: Comment[]; by: Record<string, Comment> }
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface A { b?: B }
interface B { a: A[] }
interface Message { tree: Tree; comment: Comment; json: Json; a: A; b: B }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
