import type {
  EndsWith,
  IsEmail,
  IsURL,
  MatchesRegexp,
  Max,
  MaxLen,
  Min,
  MinLen,
  StartsWith,
} from "encore-host/validate";

interface SignUp {
  name: string & MinLen<3>;
  age: number & (Min<13> & Max<150>);
  contact: string & (IsEmail | IsURL);
  code: string & (MatchesRegexp<"^[a-z]+$"> & StartsWith<"a"> & EndsWith<"z">);
  tags: (string & MinLen<1>)[] & MaxLen<10>;
  nick?: string & MaxLen<20>;
  maybe: (number & Min<0>) | null;
}

declare const plain: { name: string; age: number; contact: string; code: string; tags: string[]; maybe: number | null };
export const value: SignUp = plain;
export const back: { name: string; age: number; contact: string; code: string; tags: string[]; maybe: number | null } =
  value;
export const literal: SignUp = { name: "a", age: 1, contact: "c", code: "x", tags: ["t"], maybe: null };

type Name = SignUp["name"];
type Picked = Pick<SignUp, "name" | "age">;
type Mapped = { [K in keyof SignUp]-?: SignUp[K] };
export const alias: Name = "text";
export const picked: Picked = { name: "a", age: 1 };
export const partial: Partial<Omit<SignUp, "tags">> = { name: "a" };
export const mapped: Mapped = { ...literal, nick: "n" };
export const shorter: string & MinLen<1> = value.name;
export const decimals: number & Min<0.5> & Max<-1.5> = 1;
export const joined: string = value.name + value.contact.toUpperCase() + value.tags.join();

// @ts-expect-error a rule doesn't change the type
export const wrong: string & MinLen<3> = 5;
// @ts-expect-error a rule doesn't change the type
export const wrongNumber: number & Min<3> = "5";
// @ts-expect-error bounds are numbers, bigints or texts
export type WrongBound = Min<true>;
// @ts-expect-error patterns are strings
export type WrongPattern = MatchesRegexp<RegExp>;
// @ts-expect-error a string is no number, with or without rules
export const mixed: SignUp["age"] = value.name;
