import { api } from "encore.dev/api";
import type { IsEmail } from "encore.dev/validate";
import { signups } from "./signups.js";

interface SignUpRequest {
  email: string & IsEmail;
}

/**
 * Signs somebody up. The answer doesn't wait for the mail: it is enough that the topic has the news.
 *
 *     curl http://127.0.0.1:4000/users -H 'content-type: application/json' -d '{"email": "ada@example.com"}'
 */
export const signUp = api(
  { method: "POST", path: "/users", expose: true },
  async ({ email }: SignUpRequest): Promise<{ userId: string; messageId: string }> => {
    const userId = crypto.randomUUID();
    const messageId = await signups.publish({ userId, email, at: new Date() });
    return { userId, messageId };
  },
);
