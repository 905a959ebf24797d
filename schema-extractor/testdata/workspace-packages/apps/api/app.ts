import { api } from "encore.dev/api";
import type { Team } from "@acme/built";
import { roles, type User } from "@acme/shared";
import type { Id } from "@acme/shared/ids";
interface Message { user: User; team: Team; id: Id<"post">; role: (typeof roles)[number] }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
