import { api } from "encore.dev/api";

class Money { constructor(private cents: bigint, readonly currency: string) {} toJSON() { return { amount: Number(this.cents) / 100, currency: this.currency }; } }
class Id { #value = ""; toJSON(): string { return this.#value; } }
class TreeNode { children: TreeNode[] = []; #parent?: TreeNode; toJSON(): TreeJson { return { children: this.children }; } }
interface TreeJson { children: TreeNode[] }
interface Page<T> { items: T[]; toJSON(key?: string): { count: number; items: T[] } }
class Base { toJSON() { return { ...this }; } x = 1; }
interface Response { money: Money; id: Id; ids: Id[]; tree: TreeNode; page: Page<Id>; link: URL; byId: Map<string, Money>; data: { toJSON: string }; base: Base }
export const get = api({ path: "/get" }, async (): Promise<Response> => { throw new Error(); });
export const root = api({ path: "/root" }, async (): Promise<Money> => new Money(1n, "EUR"));
export const maybe = api({ path: "/maybe" }, async (): Promise<Id | null> => null);
