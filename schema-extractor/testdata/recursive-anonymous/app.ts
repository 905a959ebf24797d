import { api } from "encore.dev/api";
class Category { name = ""; parent: Category | null = null; children = new Set<Category>(); self!: this }
const chain = { first: { next: null as Linked | null } };
interface Linked { of: typeof chain }
type Nested = Array<Nested | string>;
type Lookup = { [key: string]: Lookup | string };
type Both = { left: Both["right"] | null; right: { back?: Both } };
interface Message { category: Category; linked: Linked; chain: typeof chain; nested: Nested; lookup: Lookup; both: Both }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
