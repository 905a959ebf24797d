import { api } from "encore.dev/api";

/**
 * Everything else that comments hold.
 *
 * @deprecated use another
 * @see https://example.com
 */
interface Documented {
  /** @title The id @internal @Minimum 5 @min 3 @max 4 */
  id: number;
  /**
   * Has an email@example.com in its text, and {@link Documented.id}.
   * @example "@minimum 3"
   * @remarks Beyond user@maximum.example
   */
  text: string;
  // @minimum 1
  lineComment: number;
  /* @minimum 1 */
  blockComment: number;
  /** @todo */ nothing?: string;
}
export const send = api({ path: "/send" }, async (_: Documented) => {});
