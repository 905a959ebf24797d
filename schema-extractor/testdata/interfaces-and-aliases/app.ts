import { api } from "encore.dev/api";
/** A person. */
interface Person {
  /** As they write it. */
  name: string;
  age: number;
  /** Whether they are here. */
  present: boolean;
}
type Point = { x: number; y: number };
interface Employee extends Person {
  boss: Person;
  desk: Point;
}
interface Message {
  employee: Employee;
  people: Person[];
  "quoted-name": string;
  2: number;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
