export interface Session { token: string; /** When it ends. */ expires: Date }
export interface Registry { posts: { title: string } }
export type Options = Partial<Session> & { strict?: boolean };
declare global { interface ToolkitGlobal { version: string } }
