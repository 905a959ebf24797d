import { api } from "encore.dev/api";
import { Subscription } from "encore.dev/pubsub";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { placed } from "../orders/placed.js";

const db = new SQLDatabase("ledger", { migrations: "./migrations" });

/** Books each order once, though its message may come twice: the order's number is the entry's key. */
export const book = new Subscription(placed, "ledger", {
  handler: async ({ orderId, customer, cents }) => {
    await db.exec`
      INSERT INTO entries (order_id, customer, cents) VALUES (${orderId}, ${customer}, ${cents}) ON CONFLICT DO NOTHING`;
  },
});

/** What a customer owes: `curl http://127.0.0.1:4000/ledger/ada`. */
export const balance = api(
  { method: "GET", path: "/ledger/:customer", expose: true },
  async ({ customer }: { customer: string }): Promise<{ entries: number; cents: number }> => {
    const row = await db.queryRow<{ entries: number; cents: number }>`
      SELECT count(*) AS entries, coalesce(sum(cents), 0)::bigint AS cents FROM entries WHERE customer = ${customer}`;
    return row ?? { entries: 0, cents: 0 };
  },
);
