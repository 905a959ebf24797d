import { api } from "encore.dev/api";

interface User {
  /**
   * The name that others see.
   *
   * @minLength 1
   * @maxLength 80
   * @example "Ada"
   */
  name: string;
  /** @format email */
  email: string;
  /** @pattern ^[a-z][a-z0-9-]{2,}$ */
  slug: string;
  /** @format uuid */
  id?: string;
  /** @format date */
  birthday: string | null;
  /** @format url @maxLength 2000 */
  homepage?: string;
  /** @format duration */ session: string;
}
export const create = api({ method: "POST", path: "/users" }, async (_: User) => {});
