import { type Cookie, Gateway, type Header, type Query } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";

interface Credentials {
  authorization?: Header<"Authorization">;
  token?: Query<string>;
  session?: Cookie<"session">;
}

export interface User {
  userID: string;
  roles: string[];
}

/** Lets in whoever has a token. */
export const auth = authHandler<Credentials, User>(async ({ token }) =>
  token === undefined ? null : { userID: token, roles: [] },
);
export const gateway = new Gateway({ authHandler: auth });
