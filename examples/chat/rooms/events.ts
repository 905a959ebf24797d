import type { MatchesRegexp, MaxLen, MinLen } from "encore.dev/validate";

/** Such as "lobby". */
export type RoomName = string & MatchesRegexp<"^[a-z0-9-]{1,30}$">;

/** What others see; no spaces at its ends. */
export type PersonName = string & MatchesRegexp<"^\\S(.{0,28}\\S)?$">;

/** Something said, as it is remembered. */
export interface Message {
  /** Counts up within a room. */
  id: number;
  from: string;
  text: string;
  at: Date;
}

interface Say {
  type: "say";
  text: string & (MinLen<1> & MaxLen<500>);
}

interface Typing {
  type: "typing";
}

/** What comes from a page. Anything else closes its stream with code 1007; no code of ours runs. */
export type FromPage = Say | Typing;

/** What goes to the pages of a room. */
export type ToPage =
  { type: "message"; message: Message } | { type: "people"; people: string[] } | { type: "typing"; from: string };
