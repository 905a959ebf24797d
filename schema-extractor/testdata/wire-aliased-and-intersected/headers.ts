import type { Header as H } from "encore.dev/api";

export type Authorization = H<"Authorization">;
