import { Gateway, type Header } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";

export const auth = authHandler(async ({ token }: { token: Header<"X-Token"> }): Promise<{ userID: string } | null> =>
  token === "letmein" ? { userID: "1" } : null,
);
export const gateway = new Gateway({ authHandler: auth });
