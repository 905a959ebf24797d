export interface Customer {
  name: string;
  isStaff: boolean;
}

const customers = new Map<string, Customer>([
  ["ada", { name: "Ada", isStaff: false }],
  ["grace", { name: "Grace", isStaff: true }],
]);

export function customerOf(token: string): Customer | undefined {
  return customers.get(token);
}
