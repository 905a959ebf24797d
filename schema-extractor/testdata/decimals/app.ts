import { api } from "encore.dev/api";
import { Decimal } from "encore.dev/types";
import type { Max, Min } from "encore.dev/validate";
interface Message { price: Decimal; maybe?: Decimal | null; list: Decimal[]; either: Decimal | number; bounded: Decimal & (Min<0> & Max<100>) }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
