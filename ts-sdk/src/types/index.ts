/**
 * Types for values that JavaScript has none for.
 *
 * @module
 */
export { Decimal, type ToDecimal } from "./decimal.js";
export type { DurationString } from "./duration.js";
