import { api } from "encore.dev/api";
abstract class Entity { readonly id: number = 1; static created = 0; abstract label: string; protected dirty = false; abstract describe(): string }
class Named extends Entity { label = "x"; nick?: string; describe() { return this.label; } declare extra: boolean }
class Generic<T> extends Named { constructor(readonly value: T, public optional?: string, protected hidden = 1, private more = 2) { super(); } }
class Accessors { #v = 1; get value() { return this.#v; } set value(v) { this.#v = v; } accessor auto = 1; static #count = 0; plain = 2; }
interface FromClass extends Named { added: Date }
type Plain = Pick<Generic<number>, "id" | "value">;
interface Message {
  entity: Entity;
  named: Named;
  generic: Generic<Date[]>;
  accessors: Accessors;
  fromClass: FromClass;
  plain: Plain;
  omitted: Omit<Named, "describe">;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
