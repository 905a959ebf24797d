import { APIError, Gateway, type Header } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";
import { customerOf } from "./accounts";

interface Credentials {
  authorization: Header<"Authorization">;
}

interface Shopper {
  userID: string;
  isStaff: boolean;
}

/** Finds out who calls, by a token: `Authorization: Bearer ada`. */
export const auth = authHandler(async ({ authorization }: Credentials): Promise<Shopper | null> => {
  const token = /^Bearer (\w+)$/.exec(authorization)?.[1];
  if (token === undefined) throw APIError.unauthenticated("write: Authorization: Bearer <token>");
  const customer = customerOf(token);
  return customer === undefined ? null : { userID: token, isStaff: customer.isStaff };
});

export const gateway = new Gateway({ authHandler: auth });
