import { api, APIError } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import type { Max, MaxLen, Min, MinLen } from "encore.dev/validate";
import { placed } from "./placed.js";

const db = new SQLDatabase("orders", { migrations: "./migrations" });

interface OrderRequest {
  customer: string & (MinLen<1> & MaxLen<100>);
  cents: number & (Min<1> & Max<100_000_000>);
}

/**
 * Places an order. The message goes out if and only if the order is kept: both are part of one transaction.
 *
 *     curl http://127.0.0.1:4000/orders -H 'content-type: application/json' -d '{"customer": "ada", "cents": 1250}'
 */
export const place = api(
  { method: "POST", path: "/orders", expose: true },
  async ({ customer, cents }: OrderRequest): Promise<{ orderId: number }> => {
    await using tx = await db.begin();
    const order = await tx.queryRow<{ id: number }>`
      INSERT INTO orders (customer, cents) VALUES (${customer}, ${cents}) RETURNING id`;
    if (order === null) throw APIError.internal("nothing was inserted");
    await placed.publish({ orderId: order.id, customer, cents }, { transaction: tx });
    await tx.commit();
    return { orderId: order.id };
  },
);
