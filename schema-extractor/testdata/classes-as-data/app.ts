import { api } from "encore.dev/api";
class Base { private secret = 1; protected inner = 2; #hard = 3; id = 1; get computed() { return this.#hard + this.secret + this.inner; } }
class Account extends Base { static count = 0; constructor(public name: string, private password: string) { super(); } check(given: string) { return given === this.password; } }
interface Message { account: Account }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
