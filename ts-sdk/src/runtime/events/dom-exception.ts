import { defineInterface } from "../web-idl.js";

// https://webidl.spec.whatwg.org/#dfn-error-names-table: the legacy codes by constant, and the name each belongs to.
const constants = {
  INDEX_SIZE_ERR: 1,
  DOMSTRING_SIZE_ERR: 2,
  HIERARCHY_REQUEST_ERR: 3,
  WRONG_DOCUMENT_ERR: 4,
  INVALID_CHARACTER_ERR: 5,
  NO_DATA_ALLOWED_ERR: 6,
  NO_MODIFICATION_ALLOWED_ERR: 7,
  NOT_FOUND_ERR: 8,
  NOT_SUPPORTED_ERR: 9,
  INUSE_ATTRIBUTE_ERR: 10,
  INVALID_STATE_ERR: 11,
  SYNTAX_ERR: 12,
  INVALID_MODIFICATION_ERR: 13,
  NAMESPACE_ERR: 14,
  INVALID_ACCESS_ERR: 15,
  VALIDATION_ERR: 16,
  TYPE_MISMATCH_ERR: 17,
  SECURITY_ERR: 18,
  NETWORK_ERR: 19,
  ABORT_ERR: 20,
  URL_MISMATCH_ERR: 21,
  QUOTA_EXCEEDED_ERR: 22,
  TIMEOUT_ERR: 23,
  INVALID_NODE_TYPE_ERR: 24,
  DATA_CLONE_ERR: 25,
};

const codes = new Map([
  ["IndexSizeError", 1],
  ["HierarchyRequestError", 3],
  ["WrongDocumentError", 4],
  ["InvalidCharacterError", 5],
  ["NoModificationAllowedError", 7],
  ["NotFoundError", 8],
  ["NotSupportedError", 9],
  ["InUseAttributeError", 10],
  ["InvalidStateError", 11],
  ["SyntaxError", 12],
  ["InvalidModificationError", 13],
  ["NamespaceError", 14],
  ["InvalidAccessError", 15],
  ["TypeMismatchError", 17],
  ["SecurityError", 18],
  ["NetworkError", 19],
  ["AbortError", 20],
  ["URLMismatchError", 21],
  ["QuotaExceededError", 22],
  ["TimeoutError", 23],
  ["InvalidNodeTypeError", 24],
  ["DataCloneError", 25],
]);

/** https://webidl.spec.whatwg.org/#idl-DOMException, with Node's `cause`. */
export class DOMException extends Error {
  readonly #name: string;

  constructor(message: unknown = "", nameOrOptions: unknown = "Error") {
    super(String(message));
    if (typeof nameOrOptions === "object" && nameOrOptions !== null) {
      const { name, cause } = nameOrOptions as { name?: unknown; cause?: unknown };
      this.#name = name === undefined ? "Error" : String(name);
      if ("cause" in nameOrOptions)
        Object.defineProperty(this, "cause", { value: cause, writable: true, configurable: true });
    } else {
      this.#name = String(nameOrOptions);
    }
    // The stack's first line was written before the name was known.
    Error.captureStackTrace?.(this, DOMException);
  }

  override get name(): string {
    return #name in this ? this.#name : "Error";
  }

  get code(): number {
    return codes.get(this.#name) ?? 0;
  }
}

defineInterface("DOMException", DOMException, { constants, cloneable: true });
