import { api } from "encore.dev/api";
interface Message {
  required: string;
  optional?: string;
  orUndefined: string | undefined;
  nullable: string | null;
  both?: number | null;
  onlyNull: null;
  neverThere?: never;
  flag?: boolean;
  flagOrNull: boolean | null;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
