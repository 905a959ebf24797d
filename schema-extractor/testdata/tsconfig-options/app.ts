import { api } from "encore.dev/api";
import type { Thing } from "@/thing";

export const get = api({ path: "/get" }, async (thing: Thing) => {
  console.log(process.env.HOME, new URL("http://x"), setTimeout(() => {}, 1));
  return { thing, response: (await fetch("http://x")).status };
});
