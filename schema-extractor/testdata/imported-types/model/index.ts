export * from "./post.ts";
export type { Author } from "./author.ts";
