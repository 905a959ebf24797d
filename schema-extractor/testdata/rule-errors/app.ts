import { api } from "encore.dev/api";
import type { MatchesRegexp, Max, MaxLen, Min, MinLen, StartsWith } from "encore.dev/validate";

interface Message {
  wrongKind: number & MinLen<1>;
  wrongToo: string & Min<1>;
  broken: string & MatchesRegexp<"(">;
  negative: string & MinLen<-1>;
  fraction: string & MaxLen<1.5>;
  open: number & Max<number>;
  prefix: string & StartsWith<string>;
  onObject: { a: string } & MaxLen<3>;
  fine: string & MinLen<1>;
}
export const send = api({ path: "/send" }, async (_: Message) => {});
