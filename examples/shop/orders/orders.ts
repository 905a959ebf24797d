import { api, HttpStatus } from "encore.dev/api";
import type { Decimal } from "encore.dev/types";
import { catalog, customers } from "~encore/clients";

interface Line {
  id: number;
  count: number;
}

interface Order {
  number: number;
  customer: string;
  items: string[];
  total: Decimal;
}

const orders: Order[] = [];

/** Buys one item: calls two other services, in this process and without HTTP. */
export const buy = api(
  { method: "POST", path: "/orders", expose: true, auth: true },
  async (line: Line): Promise<Order & { status: HttpStatus }> => {
    const { name: customer } = await customers.me();
    const { name, total } = await catalog.reserve(line);
    const order = { number: orders.length + 1, customer, items: [`${line.count} × ${name}`], total };
    orders.push(order);
    return { ...order, status: HttpStatus.Created };
  },
);

export const all = api(
  { method: "GET", path: "/orders", expose: true, auth: true, tags: ["staff"] },
  async (): Promise<{ orders: Order[] }> => ({ orders }),
);
