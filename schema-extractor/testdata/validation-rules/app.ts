import { api } from "encore.dev/api";
import type { EndsWith, IsEmail, IsURL, MatchesRegexp, Max, MaxLen, Min, MinLen, StartsWith } from "encore.dev/validate";

type Title = string & MinLen<3> & MaxLen<80>;
type Contact = string & (IsEmail | IsURL);
interface Message {
  title: Title;
  slug: string & MatchesRegexp<"^[a-z]+(-[a-z]+)*$">;
  age: number & (Min<13> & Max<150.5>);
  negative: number & Min<-1.5>;
  contact: Contact;
  fallback?: Contact | null;
  file: string & StartsWith<"img-"> & (EndsWith<".png"> | EndsWith<".jpg">);
  tags: (string & MinLen<1>)[] & MaxLen<10>;
  deep: string & ((StartsWith<"a"> & EndsWith<"z">) | IsEmail);
  rating: (number & Min<1>) | "none";
  big: bigint & Min<1>;
  twice: string & MinLen<2> & MinLen<2>;
  byName: Record<string, number & Max<9>>;
}
export const send = api({ path: "/send" }, async (message: Message): Promise<Message> => message);
export const page = api({ method: "GET", path: "/page/:id" }, async (request: { id: number & Min<1>; limit?: number & Max<100> }) => request);
