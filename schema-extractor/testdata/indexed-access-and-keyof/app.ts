import { api } from "encore.dev/api";
const config = { retries: 3, urls: ["a", "b"], nested: { on: true } } as const;
const settings = { mode: "fast" as "fast" | "slow", levels: new Map([["a", 1]]) };
interface Entity { id: number; profile: { name: string; tags: string[] } | null; [extra: string]: unknown }
interface Known { alpha: string; beta: number }
interface Message {
  key: keyof Known;
  value: Known[keyof Known];
  profile: NonNullable<Entity["profile"]>;
  tag: NonNullable<Entity["profile"]>["tags"][number];
  constant: typeof config;
  url: (typeof config.urls)[number];
  setting: typeof settings;
  on: (typeof config)["nested"]["on"];
  openKey: keyof Entity;
  key2: keyof typeof config;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
