import { api } from "encore.dev/api";
import { a, c } from "~encore/clients";
import { getAuthData } from "~encore/auth";

export const use = api({}, async () => {
  const { nome } = await a.get({ id: "1" });
  await a.missing();
  const user: number = getAuthData();
  return { nome, user };
});
