import { api } from "encore.dev/api";
interface Message {
  options: Pick<Intl.NumberFormatOptions, "style" | "unit" | "maximumFractionDigits">;
  descriptor: Pick<PropertyDescriptor, "configurable" | "enumerable">;
  template: TemplateStringsArray;
  like: ArrayLike<number>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
