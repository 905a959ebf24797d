import { api } from "encore.dev/api";
import type { Attribute, AttributesOf } from "encore.dev/pubsub";
import type { Min } from "encore.dev/validate";

interface Message {
  id: Attribute<number>;
  kind: Attribute<"created" | "gone">;
  urgent?: Attribute<boolean>;
  ranked: Attribute<number> & Min<1>;
  name: string;
  nested: { id: Attribute<string> };
}
export const publish = api({ method: "POST", path: "/publish/:id" }, async (message: Message): Promise<Message> => message);
export const query = api({ method: "GET", path: "/query" }, async (_: Pick<Message, "kind" | "urgent">) => {});
export const names = api({ path: "/names" }, async (_: { order: AttributesOf<Message> }) => {});
