import { Body, Headers, Query } from "./rules.zod.mjs";

Bun.serve({
  port: Number(process.env["PORT"]),
  hostname: "127.0.0.1",
  development: false,
  routes: {
    "/hello": { GET: () => Response.json({ message: "Hello, World" }) },
    "/schema": {
      POST: async (request) => {
        const body: unknown = await request.json().catch(() => undefined);
        // Cheaper than `new URL(request.url).searchParams`, which parses the whole address.
        const start = request.url.indexOf("?");
        const parameters = new URLSearchParams(start < 0 ? "" : request.url.slice(start + 1));
        const query = {
          name: parameters.get("name") ?? undefined,
          excitement: parameters.get("excitement") ?? undefined,
        };
        const headers = { "x-foo": request.headers.get("x-foo") ?? undefined };
        const valid =
          Headers.safeParse(headers).success && Query.safeParse(query).success && Body.safeParse(body).success;
        return valid
          ? Response.json({ message: "Hello, World" })
          : Response.json({ message: "invalid request" }, { status: 400 });
      },
    },
  },
});
