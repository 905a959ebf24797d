/** What `readable-stream` takes for Node's process. */
export const nextTick = (callback: (...args: unknown[]) => void, ...args: unknown[]): void => {
  queueMicrotask(() => {
    callback(...args);
  });
};
