/** What an application can use without `lib.dom` and `@types/node`. */
export async function everything(): Promise<void> {
  console.log("%s", 1, { a: 1 });
  console.table([{ a: 1 }], ["a"]);
  const timeout = setTimeout((a: number, b: string) => console.log(a, b), 10, 1, "x");
  clearTimeout(timeout);
  await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(setInterval(() => {}, 10).unref());
  let kept: NodeJS.Timeout | undefined = timeout;
  let other: ReturnType<typeof setTimeout> = timeout;
  clearImmediate(setImmediate(() => {}));
  queueMicrotask(() => {});
  kept = other;
  other = kept;
  const copy: { a: Date } = structuredClone({ a: new Date() });
  copy.a.getTime();
  const url = new URL("/x", "https://h");
  url.searchParams.append("a", "b");
  for (const [name, value] of new URLSearchParams({ a: "1" })) name.concat(value);
  const bytes: Uint8Array = new TextEncoder().encode("x");
  new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }).trim();
  atob(btoa("x")).trim();
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => {}, { once: true });
  controller.signal.throwIfAborted();
  AbortSignal.any([controller.signal, AbortSignal.timeout(5)]).aborted.valueOf();
  class Bus extends EventTarget {}
  new Bus().dispatchEvent(new CustomEvent<number>("x", { detail: 1 }));
  performance.mark("a");
  const elapsed: number = performance.now();
  const id: string = crypto.randomUUID();
  crypto.getRandomValues(new Uint8Array(4)).fill(elapsed);
  const home: string | undefined = process.env["HOME"] ?? id;
  process.nextTick(() => {}, home);
  const nanoseconds: bigint = process.hrtime.bigint();
  const response = await fetch(url, {
    method: "POST",
    headers: { a: String(nanoseconds) },
    body: new URLSearchParams("a=1"),
    signal: controller.signal,
  });
  const data = (await response.json()) as { a: number };
  data.a.toFixed();
  if (!response.ok) throw new DOMException(response.statusText, "NetworkError");
  for await (const chunk of response.body ?? []) chunk.length.toFixed();
  const stream = new ReadableStream<string>({ start: (c) => c.enqueue("x") });
  const [first] = stream
    .pipeThrough(new TransformStream<string, number>({ transform: (text, c) => c.enqueue(text.length) }))
    .tee();
  const { value } = await first.getReader().read();
  value?.toFixed();
  new Request(url, { body: stream, method: "POST", duplex: "half" }).clone().headers.get("a")?.trim();
  Response.json({ a: 1 }, { status: 201 }).headers.getSetCookie().join();

  // @ts-expect-error no such global
  alert("x");
  // @ts-expect-error what Node alone has
  process.cpuUsage();
  // @ts-expect-error an environment's variable may be missing
  process.env["HOME"].trim();
}
