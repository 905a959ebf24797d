export function untyped(a, b) {
  return a.whatever + b;
}
export const wrong = /** @type {number} */ (1).length;
