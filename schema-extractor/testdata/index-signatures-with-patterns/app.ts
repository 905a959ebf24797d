import { api } from "encore.dev/api";
interface Headers { accept?: string; [name: `x-${string}`]: string }
interface Several { [name: `data-${string}`]: string; [name: `on${Capitalize<string>}`]: number; [index: number]: boolean }
interface WithRest { id: number; [flag: `is${string}`]: boolean; [rest: string]: unknown }
type Env = Record<`NEXT_${string}` | `APP_${number}`, string>;
type Css = { [K in `--${string}`]?: string | number } & { color?: string };
interface Message { headers: Headers; several: Several; withRest: WithRest; env: Env; css: Css }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
