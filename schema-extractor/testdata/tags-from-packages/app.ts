import { api } from "encore.dev/api";
import type { Invoice } from "invoices";

export const pay = api({ method: "POST", path: "/pay" }, async (_: Invoice) => {});
