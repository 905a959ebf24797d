import { api } from "encore.dev/api";
import type { EndsWith, IsEmail, IsIP, IsURL, IsUUID, MatchesRegexp, MaxLen, MinLen, Min, Max, StartsWith } from "encore.dev/validate";

interface Target {
  any: string & (IsEmail | IsURL | IsUUID);
  all: string & (MinLen<3> & MaxLen<9> & StartsWith<"a">);
  mixed: string & ((StartsWith<"http"> & IsURL) | (MinLen<2> & EndsWith<".local">) | IsIP);
  outer: string & MaxLen<100> & (IsEmail | MatchesRegexp<"^@[a-z]+$">);
  ranges: number & ((Min<0> & Max<9>) | (Min<100> & Max<109>));
  list: (string & (IsIP<4> | IsIP<6>))[];
  repeated: string & (IsEmail | IsEmail) & MinLen<1> & MinLen<1>;
}
export const aim = api({ method: "POST", path: "/targets" }, async (_: Target) => {});
