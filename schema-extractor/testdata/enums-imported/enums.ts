export enum Color { Red, Green = 10, Blue }
export enum Level { Low = "low", High = "high" }
export const enum Direction { Up = 1, Down = -1 }
export enum Flag { None = 0, Read = 1 << 0, Write = 1 << 1, All = Read | Write }
export enum Mixed { No = 0, Yes = "yes" }
export const Role = { Admin: "admin", User: "user" } as const;
