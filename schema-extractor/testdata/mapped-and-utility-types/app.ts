import { api } from "encore.dev/api";
interface Post { id: number; title: string; body?: string; author: { name: string }; secret: string }
type Nullable<T> = { [K in keyof T]: T[K] | null };
type Stringly<T> = { [K in keyof T as `${K & string}Text`]: string };
interface Message {
  pick: Pick<Post, "title" | "id">;
  omit: Omit<Post, "secret" | "author">;
  partial: Partial<Post>;
  required: Required<Post>;
  readonly: Readonly<Post>;
  nullable: Nullable<Pick<Post, "id" | "body">>;
  stringly: Stringly<Pick<Post, "id" | "title">>;
  exclude: Exclude<"a" | "b" | "c", "b">;
  nonNullable: NonNullable<string | null | undefined>;
  key: keyof Post;
  member: Post["author"]["name"];
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
