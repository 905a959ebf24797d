import { api } from "encore.dev/api";
import type { MatchesRegexp } from "encore.dev/validate";

interface Texts {
  digits: string & MatchesRegexp<"^\\d{3,}$">;
  unicode: string & MatchesRegexp<"^\\p{Lu}">;
  lookbehind: string & MatchesRegexp<"(?<=\\$)\\d+">;
  named: string & MatchesRegexp<"^(?<year>\\d{4})-\\k<year>$">;
  onlyWithoutUnicode: string & MatchesRegexp<"^\\-$">;
  slash: string & MatchesRegexp<"^/a/b$">;
  quotes: string & MatchesRegexp<"^[\"']$">;
  emoji: string & MatchesRegexp<"^[😀-😎]$">;
  /** @pattern ^[^@]+@\d{2}$ */
  tagged: string;
  /** @pattern ^(a|b){1,2}\/c$ */
  escaped: string;
}
export const match = api({ path: "/match" }, async (_: Texts) => {});
