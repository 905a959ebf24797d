import { api, type Cookie, type CookieWithOptions } from "encore.dev/api";

interface Answer {
  session: Cookie<"session">;
  visits?: Cookie<number, "visits">;
  theme: Cookie<"light" | "dark", "theme"> | null;
  own: Cookie;
  /** In the body: nothing says that it is a cookie. */
  plain: CookieWithOptions<string>;
}
export const login = api({ method: "POST", path: "/login" }, async ({ session }: { session?: Cookie<"session"> }): Promise<Answer> => ({
  session: session ?? { value: "s", httpOnly: true, secure: true, sameSite: "Lax", maxAge: 3600, path: "/", expires: new Date() },
  theme: null,
  own: { value: "o" },
  plain: { value: "p" },
}));
