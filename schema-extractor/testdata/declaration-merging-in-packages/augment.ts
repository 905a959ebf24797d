declare module "toolkit" {
  interface Session { user: { id: number } }
  interface Registry { users: { name: string } }
}
export {};
