import { api } from "encore.dev/api";
enum Day { Mon = "mon", Tue = "tue" }
enum Rank { One = 1, Two }
type Locale = "en" | "de-AT" | "fr";
interface Message {
  texts: Record<Locale, string>;
  partial: Partial<Record<Locale, string>>;
  byDay: Record<Day, number>;
  byRank: Record<Rank, string>;
  numbers: Record<0 | 1, boolean>;
  mixed: Record<"total" | `by-${string}`, number>;
  nested: Record<"a", Record<"b", Record<string, number>>>;
  nullable: Record<Locale, string | null>;
  booleans: Record<`${boolean}`, number>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
