import { api } from "encore.dev/api";
import type { Format, IsEmail, IsIP, IsURL, IsUUID } from "encore.dev/validate";

interface Everything {
  email: string & Format<"email">;
  isEmail: string & IsEmail;
  url: string & Format<"url">;
  isUrl: string & IsURL;
  uuid: string & Format<"uuid">;
  isUuid: string & IsUUID;
  ip: string & Format<"ip">;
  isIp: string & IsIP;
  ipv4: string & Format<"ipv4">;
  isIpv4: string & IsIP<4>;
  ipv6: string & Format<"ipv6">;
  isIpv6: string & IsIP<6>;
  date: string & Format<"date">;
  time: string & Format<"time">;
  dateTime: string & Format<"date-time">;
  duration: string & Format<"duration">;
  hostname: string & Format<"hostname">;
  uri: string & Format<"uri">;
  base64: string & Format<"base64">;
  jsonPointer: string & Format<"json-pointer">;
  regex: string & Format<"regex">;
}
export const check = api({ method: "POST", path: "/check" }, async (_: Everything) => {});
