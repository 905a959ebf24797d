import { Gateway, type Header } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";

interface Params {
  token: Header<"X-Token">;
  name: string;
}
export const auth = authHandler<Params, { userID: string }>(async () => null);
const hidden = authHandler<{ token: Header<"X-Token"> }, { userID: string }>(async () => null);
export const cached = authHandler<{ token: Header<"X-Token"> }, { userID: string }>(async () => null, { cacheFor: "1 h" as never });
export const gateway = new Gateway({ authHandler: auth });
export const other = new Gateway({ authHandler: hidden });
