import { api } from "encore.dev/api";

interface Message {
  text: string;
}

export const echo = api.streamInOut<Message, Message>({ path: "/echo", expose: true }, async (stream) => {
  for await (const message of stream) await stream.send(message);
});
