import { api } from "encore.dev/api";

export const all = api({ path: "/all" }, async () => {
  console.log("x"); console.error(1, {}); setTimeout(() => {}, 1); clearTimeout(setInterval(() => {}, 1)); queueMicrotask(() => {});
  const url = new URL("https://x"); url.searchParams.get("a"); structuredClone({ a: 1 });
  const answer = await fetch(url, { method: "POST", headers: { a: "b" }, body: "x" });
  const data: unknown = await answer.json();
  const bytes = new TextEncoder().encode("x"); new TextDecoder().decode(bytes);
  const abort = new AbortController(); abort.signal.addEventListener("abort", () => {});
  const id: string = crypto.randomUUID(); crypto.getRandomValues(new Uint8Array(4));
  performance.now(); atob(btoa("x")); process.env["HOME"]; new Headers(); new Request("http://x"); new Response("x"); new Event("x"); new EventTarget();
  return { id, ok: data !== null };
});
