import { api } from "encore.dev/api";
import type { MatchesRegexp } from "encore.dev/validate";
interface Message {
  ignoring: string & MatchesRegexp<"^(?i:a)$">;
  among: string & MatchesRegexp<"(?m-i:a)">;
  /** @pattern ^(?si:a)b */
  tagged: string;
  escaped: string & MatchesRegexp<"\\(\\?i:">;
  listed: string & MatchesRegexp<"[(?i:]">;
  open: string & MatchesRegexp<"(">;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
