import { api } from "encore.dev/api";

class Money { constructor(readonly cents: number) {} toJSON() { return this.cents; } }
interface Order { id: number; price: Money; link?: URL; lines: { price: Money }[] }
export const create = api({ path: "/create" }, async (_: Order) => {});
export const list = api({ path: "/list" }, async (_: { orders: Map<string, Order> }): Promise<Order[]> => []);
