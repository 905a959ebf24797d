import type { Attribute, AttributesOf } from "encore-host/pubsub";
import type { Header } from "encore-host/api";
import type { Min } from "encore-host/validate";

interface Message {
  id: Attribute<number>;
  kind: Attribute<"created" | "gone">;
  urgent?: Attribute<boolean>;
  ranked: Attribute<number> & Min<1>;
  name: string;
  trace: Header<"X-Trace">;
  at: Date;
  nested: { id: Attribute<string> };
}

export const names: AttributesOf<Message>[] = ["id", "kind", "urgent", "ranked"];
export const message: Message = {
  id: 1,
  kind: "gone",
  urgent: true,
  ranked: 2,
  name: "n",
  trace: "t",
  at: new Date(),
  nested: { id: "i" },
};
export const plain: { id: number; kind: "created" | "gone" } = message;
export const picked: AttributesOf<Pick<Message, "id" | "name">> = "id";

// @ts-expect-error a field without an attribute's type is none
export const name: AttributesOf<Message> = "name";
// @ts-expect-error a header is none
export const trace: AttributesOf<Message> = "trace";
// @ts-expect-error objects are none
export const nested: AttributesOf<Message> = "nested";
// @ts-expect-error attributes are scalars
export type Wrong = Attribute<Date>;
// @ts-expect-error an attribute doesn't change the type
export const wrong: Message["id"] = "1";
// @ts-expect-error there is no attribute among them
export const none: AttributesOf<{ a: string }> = "a";
