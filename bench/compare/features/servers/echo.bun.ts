import { z } from "zod";

const Message = z.object({ text: z.string() });
const validates = process.argv.includes("--validate");

Bun.serve({
  port: Number(process.env["PORT"]),
  hostname: "127.0.0.1",
  development: false,
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("Hello")),
  websocket: {
    message: (socket, message) => {
      if (!validates) {
        socket.send(message);
        return;
      }
      const { success, data } = Message.safeParse(JSON.parse(String(message)));
      if (success) socket.send(JSON.stringify(data));
      else socket.close(1007);
    },
  },
});
