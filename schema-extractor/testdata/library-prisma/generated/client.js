export class PrismaClient {}
export const Role = { USER: "USER", ADMIN: "ADMIN" };
export const Prisma = {};
