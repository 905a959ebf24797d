import { api } from "encore.dev/api";
import type { Format, FormatName, Integer, IsEmail, IsIP, IsUUID, MinLen, MultipleOf, UniqueItems } from "encore.dev/validate";

interface Wrong {
  integerText: string & Integer;
  multipleText: string & MultipleOf<2>;
  uniqueText: string & UniqueItems;
  uuidNumber: number & IsUUID;
  ipList: string[] & IsIP;
  emailDate: Date & IsEmail;
  formatRecord: Record<string, string> & Format<"date">;
  lengthObject: { a: string } & MinLen<1>;
  openFormat: string & Format<FormatName>;
  integerOnUnion: (string | number) & Integer;
  fine: number & Integer;
}
export const send = api({ path: "/send" }, async (_: Wrong) => {});
