import { api } from "encore.dev/api";

function parse(value: string): { text: string };
function parse(value: number): { digits: number };
function parse(value: string | number): { text: string } | { digits: number } {
  return typeof value === "string" ? { text: value } : { digits: value };
}
interface Reader { (id: string): { byName: true }; (id: number): { byNumber: true } }
function handle(request: { a: string }): Promise<{ first: number }>;
function handle(request: { b: number }): Promise<{ second: string }>;
async function handle(_: object): Promise<any> { return {}; }
export const text = api({ path: "/text" }, async ({ value }: { value: string }) => parse(value));
export const digits = api({ path: "/digits" }, async ({ value }: { value: number }) => parse(value));
export const last = api({ path: "/last" }, async (_: { parsed: ReturnType<typeof parse>; read: ReturnType<Reader>; taken: Parameters<typeof parse> }) => {});
export const overloaded = api({ path: "/overloaded" }, handle);
