import { api, APIError } from "encore.dev/api";
import { getAuthData } from "~encore/auth";
import { customerOf, type Customer } from "./accounts";

/** The customer who calls; other services ask for it too. */
export const me = api({ method: "GET", path: "/me", expose: true, auth: true }, async (): Promise<Customer> => {
  const customer = customerOf(getAuthData()?.userID ?? "");
  if (customer === undefined) throw APIError.notFound("no such customer");
  return customer;
});
