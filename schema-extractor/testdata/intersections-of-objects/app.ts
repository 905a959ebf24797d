import { api } from "encore.dev/api";
interface Timestamps { createdAt: Date; updatedAt?: Date }
type Post = { id: number } & { title: string } & Timestamps;
interface Message {
  post: Post;
  narrowed: { kind: string; value: number } & { kind: "a" | "b" };
  requiredByOther: { a?: string } & { a: string };
  withRecord: { id: number } & Record<string, unknown>;
  generic: Post & { extra: Post };
  merged: Omit<Post, "id"> & { id: bigint };
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
