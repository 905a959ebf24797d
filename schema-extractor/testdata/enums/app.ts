import { api } from "encore.dev/api";
enum Color { Red, Green = 5, Blue }
enum Level { Low = "low", High = "high" }
const enum Size { Small = 1, Large = 2 }
enum Single { Only = "only" }
enum Computed { A = "abc".length, B = 2 }
interface Message {
  color: Color;
  level: Level;
  size?: Size;
  single: Single;
  colorOrNull: Color | null;
  one: Level.High;
  some: Color.Blue | Color.Red;
  computed: Computed;
  either: Level | Color;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
