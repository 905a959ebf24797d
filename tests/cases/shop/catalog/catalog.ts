import { api, APIError, ErrCode } from "encore.dev/api";
import type { Price } from "../money/price";

export interface Product {
  sku: string;
  name: string;
  price: Price;
}

const products: Product[] = [
  { sku: "tea", name: "Green tea", price: { amount: 450, currency: "EUR" } },
  { sku: "pot", name: "Tea pot", price: { amount: 3900, currency: "EUR" } },
];

export const product = api({ method: "GET", path: "/catalog/:sku", expose: true }, async ({ sku }: { sku: string }): Promise<Product> => {
  const found = products.find((candidate) => candidate.sku === sku);
  if (found === undefined) throw new APIError(ErrCode.NotFound, "unknown product").withDetails({ sku });
  return found;
});

// Reached by the application's own code only.
export const warehouse = api({ method: "GET", path: "/catalog/internal/stock" }, async (): Promise<{ left: number }> => ({ left: 7 }));
