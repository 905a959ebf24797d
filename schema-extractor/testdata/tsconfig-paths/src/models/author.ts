export type Role = "writer" | "editor";
export interface Author { name: string; role: Role }
