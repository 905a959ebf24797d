import { api } from "encore.dev/api";
import { Decimal } from "encore.dev/types";

interface Product {
  /**
   * How many are left.
   * @minimum 0
   * @maximum 1000
   * @asType integer
   */
  stock: number;
  /** @exclusiveMinimum 0 @exclusiveMaximum 1 */
  share: number;
  /** @multipleOf 0.5 */
  weight: number;
  /** @integer */
  rank?: number;
  /** @minimum -1.5e3 */
  low: number;
  /** @minimum 0.01 @multipleOf 0.01 */
  price: Decimal;
  /** @minimum 10 */
  wholePrice: Decimal;
  /** @exclusiveMinimum 0.10 */
  discount: Decimal;
  /** @minimum 1n @exclusiveMaximum 123456789012345678901234567890 */
  serial: bigint;
}
export const add = api({ method: "POST", path: "/products" }, async (product: Product): Promise<Product> => product);
