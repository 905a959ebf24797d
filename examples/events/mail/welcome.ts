import { api } from "encore.dev/api";
import log from "encore.dev/log";
import { Subscription } from "encore.dev/pubsub";
import { type Signup, signups } from "../users/signups.js";

/** Stands for a mail provider. */
const sent: { to: string; subject: string }[] = [];

/**
 * Sends the welcome mail. A provider that fails is asked again, after a second first, then ever later; an address that is refused ten times
 * is given up and can be looked at: `npx encore-host pubsub dead list`.
 */
export const welcome = new Subscription(signups, "welcome-mail", {
  handler: async ({ userId, email, at }: Signup) => {
    if (email.endsWith("@unreachable.example")) throw new Error(`no mail server for ${email}`);
    sent.push({ to: email, subject: `Welcome! You signed up at ${at.toISOString()}` });
    log.info("welcome mail sent", { userId });
  },
  retryPolicy: { minBackoff: "1s", maxBackoff: "1m", maxRetries: 10 },
});

/** What was sent: `curl http://127.0.0.1:4000/mail`. */
export const list = api({ method: "GET", path: "/mail", expose: true }, async (): Promise<{ sent: typeof sent }> => {
  return { sent };
});
