import { Topic } from "encore.dev/pubsub";
import type { IsEmail } from "encore.dev/validate";

/** Somebody has signed up. */
export interface Signup {
  userId: string;
  email: string & IsEmail;
  at: Date;
}

export const signups = new Topic<Signup>("signups", { deliveryGuarantee: "at-least-once" });
