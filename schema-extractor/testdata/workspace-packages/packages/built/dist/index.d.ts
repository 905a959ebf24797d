import type { User } from "@acme/shared";
export interface Team { lead: User; members: User[] }
