export interface Lookup {
  id: string;
}
export type Handler<A, B> = (params: A) => Promise<B>;

export async function getPost({ id }: { id: number }): Promise<{ id: number; state: "z" | "m" | "a" }> {
  return { id, state: "z" };
}

export class Posts {
  list = async (): Promise<{ ids: number[] }> => ({ ids: [] });
}

export async function broken(_: { run: () => void }): Promise<(() => void)[]> {
  return [];
}
