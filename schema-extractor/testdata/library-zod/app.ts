import { api } from "encore.dev/api";
import { z } from "zod";

const Address = z.object({ street: z.string().min(1), zip: z.string().regex(/^\d{5}$/).optional() });
const User = z.object({
  id: z.uuid(),
  email: z.email(),
  age: z.number().int().min(0).nullable(),
  role: z.enum(["admin", "user"]),
  address: Address,
  tags: z.array(z.string()).default([]),
  createdAt: z.date(),
  balance: z.bigint().optional(),
});
type User = z.infer<typeof User>;
interface Message {
  user: User;
  address: z.infer<typeof Address>;
  partial: z.infer<ReturnType<typeof User.partial>>;
}

export const create = api({ path: "/users" }, async (request: z.infer<typeof User>): Promise<User> => User.parse(request));
export const parsed = api({ path: "/parsed" }, async (_: { raw: unknown }) => User.omit({ createdAt: true }).parse({}));

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
