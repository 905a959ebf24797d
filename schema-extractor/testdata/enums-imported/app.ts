import { api } from "encore.dev/api";
import { Color, type Direction, Flag, Level } from "./enums.ts";
import * as enums from "./enums.ts";
interface Message {
  color: Color;
  level: Level;
  direction: Direction;
  flag: Flag;
  only: Color.Red;
  byColor: Partial<Record<Color, number>>;
  key: keyof typeof Color;
  value: `${Level}`;
  namespaced: enums.Level.High;
  mixed: enums.Mixed;
  object: (typeof enums.Role)[keyof typeof enums.Role];
  tuple: [Color, Level];
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
