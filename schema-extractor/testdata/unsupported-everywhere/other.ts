export const value = 1;
export function call() {}
