export type Id<T extends string> = `${T}_${string}`;
