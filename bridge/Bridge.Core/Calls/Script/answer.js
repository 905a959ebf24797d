/** Nesting of an answer: one that goes deeper most likely goes in circles. */
const maxAnswerDepth = 1000;

// Node's Buffer has a `slice` of its own, which shares.
const sliceBytes = Object.getPrototypeOf(Uint8Array.prototype).slice;

/** A copy of an answer's part: what JavaScript has a class for stays of that class, all other objects become plain ones. */
const cloned = (value, depth) => {
  switch (typeof value) {
    case "object":
      return value === null ? null : clonedObject(value, depth);
    case "function":
    case "symbol":
      return undefined;
    default:
      return value;
  }
};

const clonedObject = (value, depth) => {
  if (depth >= maxAnswerDepth) throw new RangeError("the answer is nested more than 1000 levels deep");
  if (Array.isArray(value)) return clonedList(value, depth);
  if (isDate(value)) return new Date(getTime.call(value));
  if (isDecimal(value)) return value;
  if (isBytes(value)) return clonedBytes(value);
  if (isSet(value)) return new Set(clonedList(Array.from(setValues.call(value)), depth));
  if (isMap(value)) {
    const entries = Array.from(mapEntries.call(value));
    return new Map(entries.map(([key, member]) => [cloned(key, depth + 1), cloned(member, depth + 1)]));
  }
  if (typeof value.toJSON === "function") {
    const converted = value.toJSON();
    return typeof converted !== "object" || converted === null
      ? cloned(converted, depth)
      : clonedMembers(converted, depth);
  }
  return clonedMembers(value, depth);
};

const clonedList = (list, depth) => {
  const copy = [];
  for (let i = 0; i < list.length; i++) copy.push(cloned(list[i], depth + 1) ?? null);
  return copy;
};

// A Buffer or a Float64Array stays one: the caller's code was compiled against what the handler's type says.
const clonedBytes = (value) => {
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (value instanceof DataView)
    return new DataView(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
  return sliceBytes.call(value);
};

const clonedMembers = (value, depth) => {
  if (Array.isArray(value)) return clonedList(value, depth);
  const copy = {};
  for (const name of Object.keys(value)) {
    const member = cloned(value[name], depth + 1);
    if (member !== undefined) put(copy, name, member);
  }
  return copy;
};

/** An answer whose undeclared fields are left out where it is an object. */
const newAnswerCopy = (names, keeps, isObject) => (value) => {
  if (value === undefined) return isObject ? {} : null;
  const isPlain = kindOf(value) === "object";
  const source = isPlain && typeof value.toJSON === "function" ? value.toJSON() : value;
  if (names === undefined || kindOf(source) !== "object") return cloned(source, 0);
  const copy = {};
  for (const name of Object.keys(source)) {
    if (!names.has(name) && !keeps(name)) continue;
    const member = cloned(source[name], 1);
    if (member !== undefined) put(copy, name, member);
  }
  return copy;
};
