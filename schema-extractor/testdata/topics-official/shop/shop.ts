import { api } from "encore.dev/api";
import type { Publisher } from "encore.dev/pubsub";
import { type CartEvent, cartEvents } from "./topics";

export const add = api({ expose: true }, async (): Promise<void> => {
  await publish(cartEvents.ref<Publisher<CartEvent>>());
});
async function publish(publisher: Publisher<CartEvent>): Promise<void> {
  await publisher.publish({ shoppingCartID: 1, event: "added", urgent: false });
}
