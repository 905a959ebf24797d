import { api } from "encore.dev/api";
import type { StartsWith } from "encore.dev/validate";

interface Message {
  half: "\ud800" | "whole 𝒳";
  "key \udc00 and \" and \n": string;
  rule: string & StartsWith<"\ud83d">;
  __proto__: number;
  __leading: string;
  ___three: string;
  toString: string;
}
export const send = api({ path: "/größe/%E2%82%AC/日本", tags: ["\ud800"] }, async (message: Message): Promise<Message> => message);
