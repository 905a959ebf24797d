import { api } from "encore.dev/api";

enum Color {
  Red = "red",
  Green = "green",
}
export const text = api({ method: "GET", path: "/text/:v" }, async (_: { v: string }) => {});
export const number = api({ method: "GET", path: "/number/:v" }, async (_: { v: number }) => {});
export const boolean = api({ method: "GET", path: "/boolean/:v" }, async (_: { v: boolean }) => {});
export const bigint = api({ method: "GET", path: "/bigint/:v" }, async (_: { v: bigint }) => {});
export const literal = api({ method: "GET", path: "/literal/:v" }, async (_: { v: "only" }) => {});
export const color = api({ method: "GET", path: "/color/:v" }, async (_: { v: Color }) => {});
export const template = api({ method: "GET", path: "/template/:v" }, async (_: { v: `v${number}` }) => {});
export const many = api({ method: "POST", path: "/:a/x/:b/:c/*rest" }, async (_: { a: number; b: boolean; c: bigint; rest: string; body: string }) => {});
export const picked = api({ method: "PUT", path: "/picked/:v" }, async (_: Pick<{ v: number; w: string }, "v" | "w">) => {});
