import { api as declare } from "encore.dev/api";
import * as services from "~encore/clients";
import { userData } from "~encore/clients";

export const list = declare({ method: "GET", path: "/orders", expose: true }, async () => {
  const owner = await userData.get({ id: 1 }, { authData: { userID: "1", admin: false } });
  await services.userData.delete();
  return { owner: owner.id, total: (await services.orders.total()).total };
});
export const total = declare({}, async (): Promise<{ total: number }> => ({ total: 0 }));
