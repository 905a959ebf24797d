import { api } from "encore.dev/api";
import type { Integer, IsEmail, Min, MinLen } from "encore.dev/validate";

interface Both {
  /** @maximum 10 */
  number: number & Min<1>;
  /** @maxLength 10 */
  text: string & (MinLen<2> | IsEmail);
  /** @maxItems 3 */
  list: (string & MinLen<1>)[] & MinLen<1>;
  /** @asType integer */
  twice: number & Integer;
  /** @minimum 5 */
  union: (number & Integer) | (string & MinLen<1>);
}
export const send = api({ path: "/send" }, async (_: Both) => {});
