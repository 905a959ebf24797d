import { SQL } from "bun";

const sql = new SQL(process.env["DATABASE_URL"] ?? "", { max: Number(process.env["POOL"]) });
const queries = 20;

const find = async (id: number): Promise<unknown> =>
  (await sql`SELECT id, name, price, created_at AS created FROM items WHERE id = ${id}`)[0];

Bun.serve({
  port: Number(process.env["PORT"]),
  hostname: "127.0.0.1",
  development: false,
  routes: {
    "/hello": { GET: () => Response.json({ message: "Hello, World" }) },
    "/row/:id": { GET: async (request) => Response.json(await find(Number(request.params.id))) },
    "/twenty": {
      GET: async () =>
        Response.json({
          items: await Promise.all(Array.from({ length: queries }, (_, index) => find(index * 100 + 1))),
        }),
    },
  },
});
