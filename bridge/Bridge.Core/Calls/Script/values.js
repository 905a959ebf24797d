// What generated checks share: telling kinds of values apart, and copies that no one else holds.
// The files of this folder are the body of one function of `Decimal` and `check`.

/** Nesting that a request's decoder allows, too. */
const maxDepth = 128;

/** Thrown where a value goes deeper: it most likely goes in circles. */
const deep = Object.freeze({});

const getTime = Date.prototype.getTime;
const setValues = Set.prototype.values;
const mapEntries = Map.prototype.entries;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, "size").get;
const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, "size").get;

/** Instants that RFC 3339 can write: years 0 to 9999. */
const firstTime = -62167219200000;
const lastTime = 253402300799999;

/** Digits that a bigint or decimal may have in a request. */
const maxDigits = 4096;
const largest = 10n ** BigInt(maxDigits);

// What claims a class by its prototype alone isn't of that class.
const answers = (method, value) => {
  try {
    method.call(value);
    return true;
  } catch {
    return false;
  }
};

const isDate = (value) => value instanceof Date && answers(getTime, value);
const isSet = (value) => value instanceof Set && answers(sizeOfSet, value);
const isMap = (value) => value instanceof Map && answers(sizeOfMap, value);
const isDecimal = (value) => Decimal !== undefined && value instanceof Decimal;
const isBytes = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

/** An object that would lose all it holds if its fields were taken. */
const isContainer = (value) => isSet(value) || isMap(value) || isBytes(value);

const kindOf = (value) => {
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
    case "boolean":
    case "bigint":
      return typeof value;
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return "list";
      if (isDate(value)) return "date";
      if (isDecimal(value)) return "decimal";
      if (isBytes(value)) return "bytes";
      return isSet(value) ? "set" : isMap(value) ? "map" : "object";
    default:
      return "other";
  }
};

/** The copy of a date; undefined for anything else, and for dates that no request could carry. */
const date = (value) => {
  if (!isDate(value)) return undefined;
  const time = getTime.call(value);
  return time >= firstTime && time <= lastTime ? new Date(time) : undefined;
};

/** The copy of bytes, whatever holds them; undefined for anything else. */
const bytes = (value) => {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return value instanceof ArrayBuffer ? new Uint8Array(value.slice(0)) : undefined;
};

const isBigInt = (value) => typeof value === "bigint" && value < largest && value > -largest;

const hasFewDigits = (text) => text.length <= maxDigits || text.replace(/[-.]/g, "").length <= maxDigits;
const isShortDecimal = (value) => isDecimal(value) && hasFewDigits(value.value);

/** A field whose name every object inherits. */
const own = (value, name) => (Object.hasOwn(value, name) ? value[name] : undefined);

/** Adds a field of any name; `__proto__` is one like others. */
const put = (target, name, value) => {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[name] = value;
  }
};

/** A tuple's length without the optional elements at its end that are undefined. */
const trimmed = (tuple, required) => {
  let length = tuple.length;
  while (length > required && tuple[length - 1] === undefined) length--;
  return length;
};

const unboxed = (value) =>
  value instanceof Number || value instanceof String || value instanceof Boolean ? value.valueOf() : value;

/** What `JSON.parse(JSON.stringify(value))` is; undefined where JSON has nothing for it. */
const plain = (value, depth) => {
  if (
    ((typeof value === "object" && value !== null) || typeof value === "bigint") &&
    typeof value.toJSON === "function"
  ) {
    value = value.toJSON("");
  }
  value = unboxed(value);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value + 0 : null;
    case "bigint":
      throw new TypeError("JSON has nothing for a bigint");
    case "object":
      return value === null ? null : plainObject(value, depth);
    default:
      return undefined;
  }
};

const plainObject = (value, depth) => {
  if (depth >= maxDepth) throw deep;
  if (Array.isArray(value)) {
    const list = [];
    for (let i = 0; i < value.length; i++) list.push(plain(value[i], depth + 1) ?? null);
    return list;
  }
  const copy = {};
  for (const name of Object.keys(value)) {
    const member = plain(value[name], depth + 1);
    if (member !== undefined) put(copy, name, member);
  }
  return copy;
};
