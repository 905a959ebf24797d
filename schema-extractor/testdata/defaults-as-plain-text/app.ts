import { api } from "encore.dev/api";
import type { IsEmail, MinLen } from "encore.dev/validate";

interface Texts {
  /** @default draft */
  bare: string;
  /** @default 'single' */
  single: string;
  /** @default `code` */
  code: string;
  /** @default `"json in code"` */
  jsonInCode: string;
  /** @default `7` */
  numberInCode: number;
  /** @default two words */
  words: string & MinLen<3>;
  /** @default 10 */
  digits: string;
  /** @default nobody@example.com */
  email: string & IsEmail;
  /** @default undefined */
  none?: string;
  /** @default "undefined" */
  word: string;
}
export const send = api({ path: "/send" }, async (_: Texts) => {});
