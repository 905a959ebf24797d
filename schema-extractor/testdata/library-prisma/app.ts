import { api } from "encore.dev/api";
import { type Post, Prisma, PrismaClient, Role, type User } from "./generated/client";

const prisma = new PrismaClient();
const withPosts = { include: { posts: true } } satisfies Prisma.UserDefaultArgs;
type UserWithPosts = Prisma.UserGetPayload<typeof withPosts>;

export const list = api({ path: "/users" }, async () => prisma.user.findMany());
export const create = api({ path: "/users/create" }, async (_: Prisma.UserCreateInput): Promise<User> => { throw new Error(); });
export const full = api({ path: "/users/full" }, async (): Promise<{ user: UserWithPosts | null; post?: Post }> => ({ user: null }));
export const find = api({ path: "/users/:id" }, async ({ id }: { id: number }) => prisma.user.findUnique({ where: { id }, select: { name: true, posts: { select: { title: true } } } }));
export const role = api({ path: "/role" }, async (_: { role: Role; kind: keyof typeof Role }) => {});
