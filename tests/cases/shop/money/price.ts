export interface Price {
  /** In the currency's smallest unit. */
  amount: number;
  currency: "EUR" | "USD";
}

export function times(price: Price, count: number): Price {
  return { ...price, amount: price.amount * count };
}
