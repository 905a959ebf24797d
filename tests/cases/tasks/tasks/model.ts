import type { IsEmail, IsURL, MatchesRegexp, MaxLen, Min, MinLen } from "encore.dev/validate";

export enum Priority {
  Low = "low",
  High = "high",
}

export type State = "open" | "done";

export interface Person {
  name: string & MinLen<2>;
  email: string & IsEmail;
}

export interface Draft {
  title: string & (MinLen<3> & MaxLen<50>);
  priority?: Priority;
  due?: Date | null;
  labels?: Record<string, string>;
  assignees?: Person[] & MaxLen<3>;
  link?: string & (IsURL | MatchesRegexp<"^#[0-9]+$">);
  estimate?: number & Min<0.5>;
}

export interface Task extends Draft {
  id: number;
  state: State;
}

/** A part of a longer list. */
export interface Page<Item> {
  items: Item[];
  next?: number;
}

export type Summary = Pick<Task, "id" | "title" | "state">;
