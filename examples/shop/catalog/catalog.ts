import { api, APIError } from "encore.dev/api";
import { Decimal } from "encore.dev/types";
import type { Min } from "encore.dev/validate";

interface Item {
  id: number;
  name: string;
  price: Decimal;
  left: number;
}

const items = new Map<number, Item>([
  [1, { id: 1, name: "Kettle", price: new Decimal("24.90"), left: 3 }],
  [2, { id: 2, name: "Cup", price: new Decimal("4.50"), left: 40 }],
]);

function find(id: number): Item {
  const item = items.get(id);
  if (item === undefined) throw APIError.notFound("no such item").withDetails({ id });
  return item;
}

export const list = api({ method: "GET", path: "/items", expose: true }, async (): Promise<{ items: Item[] }> => ({
  items: [...items.values()],
}));

interface Reservation {
  id: number;
  count: number & Min<1>;
}

/** Takes items off the shelf. Not exposed: only other services can. */
export const reserve = api({}, async ({ id, count }: Reservation): Promise<{ name: string; total: Decimal }> => {
  const item = find(id);
  if (item.left < count) throw APIError.failedPrecondition(`only ${item.left} left`);
  item.left -= count;
  return { name: item.name, total: item.price.mul(new Decimal(count)) };
});
