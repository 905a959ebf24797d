import { api } from "encore.dev/api";

interface Settings {
  /** @default 1 */
  required: number;
  /** @default 2 */
  optional?: number;
  /** @default 3 */
  withUndefined: number | undefined;
  /** @default 4 */
  nullable: number | null;
}
class Account {
  /** @default 5 */
  credit = 0;
}
export const set = api({ method: "PUT", path: "/settings" }, async (settings: Settings): Promise<Settings> => settings);
export const picked = api({ method: "PUT", path: "/picked" }, async (_: Pick<Settings, "required"> & Partial<Pick<Settings, "nullable">>) => {});
export const account = api({ method: "PUT", path: "/account" }, async (_: Account) => {});
