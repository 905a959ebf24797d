import { api } from "encore.dev/api";

class Account {
  /** @minLength 1 */
  name = "";
  /** @minimum 0 */
  balance: number;
  /** @format email */
  readonly email?: string;
  constructor(
    balance: number,
    /** @minItems 1 */
    public tags: string[] = [],
  ) {
    this.balance = balance;
  }
}
export const open = api({ method: "POST", path: "/accounts" }, async (account: Account): Promise<Account> => account);
