/**
 * The block of memory that host and isolate share; `IsolateMemory` is the host's side of it.
 *
 * | Int32 index | what |
 * | --- | --- |
 * | 0–1 | one Float64: when the earliest timer is due, in milliseconds of `host.now()`; Infinity for none |
 * | 2 | {@link TurnState} |
 * | 3 | reserved |
 * | 4 … | in: {@link itemCapacity} items of three: kind, id, detail |
 * | … | out: {@link itemCapacity} answers of three: id, status, length of its text in UTF-16 units |
 */
export const memoryGlobal = "__encoreMemory";
export const hostGlobal = "__encoreHost";
export const turnStateAt = 2;
/**
 * How far a turn has come. The host sets `entered` before it calls; finding anything but `done` afterwards, it knows that the turn was ended
 * from outside, even where the engine lost the interrupt that did it.
 */
export const TurnState = { done: 0, entered: 1, unflushed: 2 } as const;
/** Items a turn can carry each way; more answers than this go in another flush. */
export const itemCapacity = 512;
export const itemWidth = 3;
export const inStart = 4;
export const outStart = inStart + itemCapacity * itemWidth;
export const memoryBytes = (outStart + itemCapacity * itemWidth) * 4;

/** What an item of a turn is. */
export const ItemKind = {
  /** id: the call's slot; detail: the endpoint's id; payload: its parameters. */
  call: 0,
  /** id: the operation; detail: 1 if bytes wait to be taken; payload: its value. */
  completed: 1,
  /** id: the operation; payload: the error. */
  failed: 2,
  /** Timers are due. */
  timers: 3,
} as const;

/** How an answer ended. */
export const AnswerStatus = { value: 0, error: 1 } as const;
