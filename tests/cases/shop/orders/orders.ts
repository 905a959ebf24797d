import { api, APIError, type Header } from "encore.dev/api";
import type { Max, Min, MinLen } from "encore.dev/validate";
import { product, warehouse, type Product } from "../catalog/catalog";
import { times, type Price } from "../money/price";

interface Line {
  sku: string;
  count: number & (Min<1> & Max<10>);
}

interface Order {
  customer: Header<"X-Customer">;
  lines: Line[] & MinLen<1>;
}

interface Receipt {
  customer: string;
  total: Price;
  names: string[];
  left: number;
}

export const order = api({ method: "POST", path: "/orders", expose: true }, async ({ customer, lines }: Order): Promise<Receipt> => {
  const bought: [Line, Product][] = await Promise.all(lines.map(async (line): Promise<[Line, Product]> => [line, await product({ sku: line.sku })]));
  const { left } = await warehouse();
  if (lines.some(({ count }) => count > left)) throw APIError.failedPrecondition("not that many").withDetails({ left });
  const amounts = bought.map(([line, { price }]) => times(price, line.count).amount);
  return {
    customer,
    total: { amount: amounts.reduce((sum, amount) => sum + amount, 0), currency: "EUR" },
    names: bought.map(([, { name }]) => name),
    left,
  };
});

// No options but what is needed: POST /orders.cancel
export const cancel = api({ expose: true }, async ({ reason }: { reason?: string }): Promise<{ reason?: string }> => ({ ...(reason ? { reason } : {}) }));
