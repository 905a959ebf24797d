// @ts-check
import Fastify from "fastify";
import pg from "pg";
import Cursor from "pg-cursor";

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: Number(process.env["POOL"]) });
const app = Fastify({ logger: false });
const text = "SELECT id, name, price, created_at AS created FROM items";
const batch = 256;
const queries = 20;

// Named, so that the server prepares it once a connection.
const find = async (/** @type {number} */ id) =>
  (await pool.query({ name: "find", text: `${text} WHERE id = $1`, values: [id] })).rows[0];

const item = {
  type: "object",
  properties: {
    id: { type: "number" },
    name: { type: "string" },
    price: { type: "number" },
    created: { type: "string", format: "date-time" },
  },
};
const params = { type: "object", properties: { id: { type: "number" } }, required: ["id"] };
const list = { type: "object", properties: { items: { type: "array", items: item } } };

app.get("/hello", () => ({ message: "Hello, World" }));
app.get("/row/:id", { schema: { params, response: { 200: item } } }, (request) =>
  find(/** @type {{ id: number }} */ (request.params).id),
);
app.get("/twenty", { schema: { response: { 200: list } } }, async () => ({
  items: await Promise.all(Array.from({ length: queries }, (_, index) => find(index * 100 + 1))),
}));
app.get("/stream", async () => {
  const client = await pool.connect();
  const cursor = client.query(new Cursor(text));
  let [rows, sum] = [0, 0];
  for (let found = await cursor.read(batch); found.length > 0; found = await cursor.read(batch)) {
    for (const row of found) {
      rows++;
      sum += row.id;
    }
  }
  await cursor.close();
  client.release();
  return { rows, sum };
});

await app.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1" });
