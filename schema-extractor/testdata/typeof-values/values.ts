export const defaults = { theme: "dark", size: 12 as number | null };
export function load() { return { id: 1, list: [1, "a", null] }; }
export async function later() { return [{ at: new Date() }]; }
export class Store { items: string[] = []; private cache = 1; read() { return this.cache; } }
export const table = { rows: [{ a: 1, b: "x" }] };
export namespace inner { export const limit = 10 as const; }
export enum Level { Low, High }
export const make = <T>(value: T) => ({ value, list: [value] });
