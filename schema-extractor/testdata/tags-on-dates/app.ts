import { api } from "encore.dev/api";

interface Stay {
  /** @minimum 2024-01-01T00:00:00Z @exclusiveMaximum 2025-01-01T00:00:00Z */
  from: Date;
  /** @maximum 2024-12-31T23:59:59.999+01:00 */
  to?: Date | null;
  /** @minItems 1 */
  nights: Date[];
  /** @default 2024-06-01T12:00:00Z */
  booked: Date;
}
export const stay = api({ method: "POST", path: "/stays" }, async (stay: Stay): Promise<Stay> => stay);
