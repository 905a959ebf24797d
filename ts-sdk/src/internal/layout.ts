/**
 * The block of memory that host and isolate share; `IsolateMemory` is the host's side of it.
 *
 * | Int32 index | what |
 * | --- | --- |
 * | 0–1 | one Float64: when the earliest timer is due, in milliseconds of `host.now()`; Infinity for none |
 * | 2 | {@link TurnState} |
 * | 3 | reserved |
 * | 4 … | in: {@link itemCapacity} items of {@link itemWidth}: kind, id, detail, flags, trace id (four), span id (two), high parts first |
 * | … | out: {@link itemCapacity} answers of {@link answerWidth}: id, status, length of its text in UTF-16 units |
 */
export const memoryGlobal = "__encoreMemory";
export const hostGlobal = "__encoreHost";
/** Set by engines that have it; see `async-context.ts`. */
export const continuationGlobal = "__encoreContinuation";
export const turnStateAt = 2;
/**
 * How far a turn has come. The host sets `entered` before it calls; finding anything but `done` afterwards, it knows that the turn was ended
 * from outside, even where the engine lost the interrupt that did it.
 */
export const TurnState = { done: 0, entered: 1, unflushed: 2 } as const;
/** Items a turn can carry each way; more answers than this go in another flush. */
export const itemCapacity = 512;
export const itemWidth = 10;
export const answerWidth = 3;
export const inStart = 4;
export const outStart = inStart + itemCapacity * itemWidth;
export const memoryBytes = (outStart + itemCapacity * answerWidth) * 4;

/** The part of a slot's number that says its place among the slots; above it is how often that place was taken, as `CallSlots` has it. */
export const slotMask = 2 ** 20 - 1;

/** What an item of a turn is. */
export const ItemKind = {
  /**
   * id: the call's slot; detail: the endpoint's id, or {@link authOnly}; flags: {@link CallFlag}; trace; payload: its parameters, or
   * `[auth handler's parameters, its parameters]` or `[auth data, its parameters]` where a flag says so.
   */
  call: 0,
  /** id: the operation; detail: 1 if bytes wait to be taken; payload: its value. */
  completed: 1,
  /** id: the operation; payload: the error. */
  failed: 2,
  /** Timers are due. */
  timers: 3,
  /** id: the slot of a call that nobody waits for any more; detail: 1 if its time ran out, 0 if its client left. */
  canceled: 4,
  /** id: the call's slot; detail: 1 if room is to be granted as soon as it is taken; payload: a message of the stream's client. */
  streamMessage: 5,
  /** id: the call's slot: the client sends nothing more; detail: 1 if it can't be sent anything either. */
  streamEnd: 6,
  /** id: the call's slot; detail: messages that are written; flags: units of their texts. */
  streamCredit: 7,
} as const;

/** What holds of a call besides its endpoint. */
export const CallFlag = {
  /** The request brought credentials: the auth handler decides first. */
  authenticates: 1,
  /** Who calls is known: the payload is `[auth data or null, its parameters]`. */
  bringsAuthData: 2,
} as const;

/** In place of an endpoint's id: only the auth handler is asked, and its data is the answer. */
export const authOnly = -1;

/** How an answer ended. The host knows two more, of calls that were never answered: 2 and 3. */
export const AnswerStatus = {
  /** The text is the value. */
  value: 0,
  /** The text describes the error. */
  error: 1,
  /** The text is `[status or 0, [header name, value, …], user id or null]`, and the value after it. */
  headed: 4,
  /** These leave the call open. The stream is to be opened: whatever decides of the call has let it pass. */
  opened: 6,
  /** The text is a message for the stream's client. */
  message: 7,
  /** The count in the bits from 8 on says how many of the client's messages were taken. */
  grant: 8,
  /** The handler has closed the stream. */
  close: 9,
} as const;
