import {
  api,
  type CallOpts,
  Gateway,
  HandlerResponse,
  type Header,
  middleware,
  type StreamInOut,
  type StreamOut,
} from "encore-host/api";
import { authHandler } from "encore-host/auth";
import { secret } from "encore-host/config";
import { CronJob } from "encore-host/cron";
import { Service } from "encore-host/service";

interface Said {
  text: string;
}

export const chat = api.streamInOut<{ room: string }, Said, Said>({ path: "/chat/:room" }, async ({ room }, stream) => {
  for await (const { text } of stream) await stream.send({ text: room + text });
  // @ts-expect-error -- what is sent has the type of what goes out
  await stream.send({ txt: "" });
});
export const bare = api.streamInOut({}, async (stream: StreamInOut<Said, { count: number }>) => {
  await stream.send({ count: (await stream.recv()).text.length });
  await stream.close();
});
export const upload = api.streamIn<{ name: string }, Said, { count: number }>({ expose: true }, async (_, stream) => {
  let count = 0;
  for await (const said of stream) count += said.text.length;
  return { count };
});
export const ticks = api.streamOut({ tags: ["a"] }, async (stream: StreamOut<{ tick: number }>) => {
  await stream.send({ tick: 1 });
});
// @ts-expect-error -- a stream has no method
api.streamOut({ method: "GET" }, async (stream: StreamOut<Said>) => stream.close());

export const files = api.static({ path: "/files/*path", dir: "./files", headers: { "X-A": ["1", "2"] } });
// @ts-expect-error -- which folder?
api.static({ path: "/files/*path" });

export const auth = authHandler<{ token: Header<"X-Token"> }, { userID: string; admin: boolean }>(
  async ({ token }) => (token === "" ? null : { userID: token, admin: false }),
  { cacheFor: "60s" },
);
// @ts-expect-error -- who it is has to be said
authHandler(async (_: { token: Header }) => ({ name: "ada" }));
export const gateway = new Gateway({ authHandler: auth });
// @ts-expect-error -- not any function is one
new Gateway({ authHandler: async () => null });

const timing = middleware({ target: { expose: true, tags: ["a"] } }, async (request, next) => {
  request.data["start"] = 1;
  const meta = request.requestMeta;
  if (meta?.type === "api-call" && meta.method === "TRACE") return new HandlerResponse({ path: meta.path });
  const response = await next(request);
  response.header.set("X-A", "1");
  response.header.add("X-B", ["1", "2"]);
  response.status = 202;
  return response;
});
// @ts-expect-error -- a middleware gives a response
middleware(async (request, next) => void (await next(request)));
export default new Service("name", { middlewares: [timing, middleware(async (request, next) => next(request))] });

const key = secret("KEY");
export const value: string = key();
// @ts-expect-error -- a name that isn't known at build time
secret("KEY" as string);

const tick = api({}, async () => {});
new CronJob("tick", { endpoint: tick, every: "1h30m", title: "Ticks" });
new CronJob("tock", { endpoint: tick, schedule: "0 4 * * *" });
// @ts-expect-error -- when?
new CronJob("never", { endpoint: tick });
// @ts-expect-error -- a cron job passes nothing
new CronJob("takes", { endpoint: api({}, async (_: { id: number }) => {}), every: "1h" });

export const options: CallOpts = { authData: { userID: "1" } };
