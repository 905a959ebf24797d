import { api, Gateway, type Header } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";
import { getAuthData } from "~encore/auth";

export const auth = authHandler(async ({ token }: { token: Header<"X-Token"> }): Promise<{ userID: string; admin: boolean } | null> => ({
  userID: token,
  admin: true,
}));
export const gateway = new Gateway({ authHandler: auth });
export const get = api({ method: "GET", path: "/users/:id" }, async ({ id }: { id: number }): Promise<{ id: number; admin: boolean }> => ({
  id,
  admin: getAuthData()?.admin ?? false,
}));
const remove = api({}, async () => {});
export { remove as delete };
