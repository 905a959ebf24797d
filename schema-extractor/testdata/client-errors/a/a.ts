import { api } from "encore.dev/api";

export const get = api({}, async ({ id }: { id: number }): Promise<{ name: string }> => ({ name: String(id) }));
