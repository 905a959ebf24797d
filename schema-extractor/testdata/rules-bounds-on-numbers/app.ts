import { api } from "encore.dev/api";
import type { Max, Min } from "encore.dev/validate";

interface Reading {
  whole: number & Min<0>;
  fraction: number & Min<0.5> & Max<99.5>;
  negative: number & (Min<-273.15> & Max<-1>);
  tiny: number & Min<1e-300>;
  huge: number & Max<1e300>;
  exact: number & Max<9007199254740991>;
  range?: number & Min<1> & Max<10>;
}
export const record = api({ method: "POST", path: "/readings" }, async (reading: Reading): Promise<Reading> => reading);
