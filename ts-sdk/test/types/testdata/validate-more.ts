import { Decimal } from "encore-host/types";
import type { Format, FormatName, Integer, IsIP, IsUUID, Max, MaxLen, Min, MinLen, MultipleOf, UniqueItems } from "encore-host/validate";

interface Order {
  id: string & IsUUID;
  from: string & IsIP;
  via: string & (IsIP<4> | IsIP<6>);
  on: string & Format<"date">;
  count: number & (Integer & Min<1>);
  price: Decimal & (Min<"0.01"> & MultipleOf<0.01>);
  weight: bigint & (Min<10n> & Max<9007199254740993n>);
  at: Date & (Min<"2024-01-01T00:00:00Z"> & Max<"2025-01-01T00:00:00Z">);
  tags: string[] & (UniqueItems & MinLen<1>);
  names: Set<string> & MaxLen<3>;
  places: Map<string, number> & MinLen<1>;
  any: (number & Integer) | (string & Format<"duration">) | null;
}

interface Plain {
  id: string;
  from: string;
  via: string;
  on: string;
  count: number;
  price: Decimal;
  weight: bigint;
  at: Date;
  tags: string[];
  names: Set<string>;
  places: Map<string, number>;
  any: number | string | null;
}

declare const plain: Plain;
export const ruled: Order = plain;
export const back: Plain = ruled;
export const literal: Order = {
  id: "x",
  from: "::1",
  via: "::1",
  on: "2024-01-01",
  count: 1,
  price: new Decimal("1.50"),
  weight: 10n,
  at: new Date(),
  tags: ["a"],
  names: new Set(["a"]),
  places: new Map([["a", 1]]),
  any: null,
};
export const use: [string, number, bigint, number, string] = [
  ruled.price.add(1).value,
  ruled.count * 2,
  ruled.weight + 1n,
  ruled.at.getTime(),
  [...ruled.names].join(),
];
export const names: FormatName[] = ["email", "json-pointer"];

// @ts-expect-error versions are 4 and 6
export type WrongVersion = IsIP<5>;
// @ts-expect-error there is no such format
export type WrongFormat = Format<"phone">;
// @ts-expect-error a multiple is of a number
export type WrongMultiple = MultipleOf<"3">;
// @ts-expect-error a rule doesn't change the type
export const wrongDate: Date & Min<"2024-01-01T00:00:00Z"> = "2024-01-01T00:00:00Z";
// @ts-expect-error a bigint is no number, with or without rules
export const wrongBigint: Order["weight"] = 10;
// @ts-expect-error a decimal is an object of its own
export const wrongDecimal: Order["price"] = "1.50";
// @ts-expect-error lengths are numbers
export type WrongLength = MinLen<"3">;
