import { Decimal, type DurationString, type ToDecimal } from "encore-host/types";

export const sum: Decimal = new Decimal("0.1").add(0.2).sub(1n).mul("3").div(new Decimal(7));
export const texts: [string, string, string] = [sum.value, sum.toJSON(), sum.toString()];
export const sources: ToDecimal[] = ["1.5", 1.5, 1n];
export const waits: DurationString[] = ["10s", "500ms", "1h30m", "1h 30m", "1.5h", "20µs"];

// @ts-expect-error no such unit
export const days: DurationString = "1d";
// @ts-expect-error no number
export const bare: DurationString = "s";
// @ts-expect-error a decimal is made of text, number or bigint
export const wrong = new Decimal(true);
// @ts-expect-error what looks like a decimal is none
export const alike: Decimal = { value: "1", add: sum.add, sub: sum.sub, mul: sum.mul, div: sum.div };
// @ts-expect-error a decimal doesn't change
sum.value = "2";
