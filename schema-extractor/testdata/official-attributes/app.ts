import { api } from "encore.dev/api";
import type { Attribute, AttributesOf } from "encore.dev/pubsub";

interface Message {
  id: Attribute<number>;
  kind: Attribute<"created" | "gone">;
  urgent?: Attribute<boolean>;
  key: Attribute<string>;
  name: string;
}
export const publish = api({ method: "POST", path: "/publish/:id" }, async (message: Message): Promise<Partial<Message>> => message);
export const names = api({ path: "/names" }, async (_: { order: AttributesOf<Message> }) => {});
