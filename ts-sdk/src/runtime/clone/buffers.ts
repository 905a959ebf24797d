import { DOMException } from "../events/dom-exception.js";
import type { Cloner } from "./structured-clone.js";

/** ES2024's `transfer`, which not every engine has. */
type TransferableBuffer = Omit<ArrayBuffer, "transfer"> & { transfer?: () => ArrayBuffer };

/** The buffers that a clone takes over instead of copying them. */
export class Transfers {
  readonly #buffers = new Set<TransferableBuffer>();
  readonly #moved = new Map<TransferableBuffer, ArrayBuffer>();

  /** @param list what the caller gives away; each a buffer that can be detached, and only once */
  constructor(list: Iterable<unknown>) {
    for (const item of list) {
      if (!(item instanceof ArrayBuffer)) throw cloneError("A value in the transfer list can't be transferred.");
      if (this.#buffers.has(item)) throw cloneError("An ArrayBuffer occurs twice in the transfer list.");
      if (typeof (item as TransferableBuffer).transfer !== "function")
        throw cloneError("This engine can't transfer an ArrayBuffer.");
      if (isDetached(item)) throw cloneError("An ArrayBuffer in the transfer list is detached.");
      this.#buffers.add(item);
    }
  }

  /** The buffer in its new hands, or undefined where it isn't among the transferred ones. */
  take(buffer: TransferableBuffer): ArrayBuffer | undefined {
    if (!this.#buffers.has(buffer)) return undefined;
    let moved = this.#moved.get(buffer);
    // The views of one buffer share it in the clone as well. It is detached only when nothing can fail any more.
    if (moved === undefined) this.#moved.set(buffer, (moved = buffer.slice(0)));
    return moved;
  }

  detachRest(): void {
    for (const buffer of this.#buffers) buffer.transfer?.();
  }
}

/** Clones or takes over an ArrayBuffer. */
export function cloneBuffer(buffer: ArrayBuffer, cloner: Cloner): ArrayBuffer {
  const taken = cloner.transfers.take(buffer);
  if (taken !== undefined) return cloner.remember(buffer, taken);
  if (isDetached(buffer)) throw cloneError("An ArrayBuffer is detached and could not be cloned.");
  return cloner.remember(buffer, buffer.slice(0));
}

/** Clones a typed array or DataView together with its whole buffer, which other views in the same clone may share. */
export function cloneView(view: ArrayBufferView, cloner: Cloner): object {
  const buffer = cloner.clone(view.buffer) as ArrayBuffer;
  if (view instanceof DataView) return cloner.remember(view, new DataView(buffer, view.byteOffset, view.byteLength));
  const name = (view as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag];
  const constructor = (
    globalThis as unknown as Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => object>
  )[name];
  if (constructor === undefined) throw cloneError("A view of an unknown kind could not be cloned.");
  return cloner.remember(view, new constructor(buffer, view.byteOffset, (view as Uint8Array).length));
}

function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function cloneError(message: string): DOMException {
  return new DOMException(message, "DataCloneError");
}
