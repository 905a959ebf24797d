import { api } from "encore.dev/api";
import type { Max, Min } from "encore.dev/validate";

type ThisCentury = Date & Min<"2000-01-01T00:00:00Z"> & Max<"2099-12-31T23:59:59.999Z">;
interface Booking {
  from: ThisCentury;
  to?: ThisCentury;
  zoned: Date & Min<"2024-06-01T00:00:00+02:00">;
  days: (Date & Max<"2030-01-01T00:00:00Z">)[];
  either: (Date & Min<"2000-01-01T00:00:00Z">) | null;
}
export const book = api({ method: "POST", path: "/bookings" }, async (booking: Booking): Promise<Booking> => booking);
