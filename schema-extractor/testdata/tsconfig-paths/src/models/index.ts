import type { Author } from "@/models/author";
export interface Post { id: number; author: Author }
