import { api } from "encore.dev/api";
import type { IsEmail, IsUUID, Max, MaxLen, Min, MinLen } from "encore.dev/validate";

interface Choice {
  numberOrText: (number & Min<1>) | (string & MinLen<3>);
  textOrList: (string & IsEmail) | ((string & IsEmail)[] & MinLen<1>);
  nullable: (string & MaxLen<5>) | null;
  optional?: (number & Max<9>) | boolean;
  literal: "all" | (number & Min<1> & Max<100>);
  objects: { kind: "a"; id: string & IsUUID } | { kind: "b"; count: number & Min<1> };
  sameShape: (string & MinLen<10>) | (string & IsUUID);
  openAndRuled: string | (string & MinLen<10>);
}
export const choose = api({ method: "POST", path: "/choices" }, async (choice: Choice): Promise<Choice> => choice);
