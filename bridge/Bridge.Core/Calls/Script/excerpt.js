/** Characters of a value that messages show. */
const maxCharacters = 64;

const shortened = (text, length = maxCharacters) => {
  if (text.length <= length) return text;
  const isHalf = /[\ud800-\udbff]/.test(text[length - 1]);
  return `${text.slice(0, isHalf ? length - 1 : length)}…`;
};

/** The beginning of a value's JSON, at a cost that doesn't depend on the rest; of what JSON lacks, its name. */
const excerptOf = (value) => {
  let text = "";
  const isFull = () => text.length > maxCharacters;
  const writeMembers = (members, open, close) => {
    text += open;
    let isFirst = true;
    for (const [name, member] of members) {
      if (isFull()) return;
      text += (isFirst ? "" : ",") + (name === undefined ? "" : `${JSON.stringify(name)}:`);
      isFirst = false;
      write(member);
    }
    text += close;
  };
  const write = (one) => {
    switch (kindOf(one)) {
      case "text":
        text += JSON.stringify(one.slice(0, maxCharacters + 1));
        break;
      case "bigint":
        text += `"${isBigInt(one) ? one : "…"}"`;
        break;
      case "date":
        text += JSON.stringify(Number.isNaN(getTime.call(one)) ? "Invalid Date" : new Date(getTime.call(one)));
        break;
      case "decimal":
        text += `"${one.value}"`;
        break;
      case "bytes":
        text += JSON.stringify(bytes(one).slice(0, maxCharacters).toBase64());
        break;
      case "list":
      case "set":
        writeMembers(elementsOf(one), "[", "]");
        break;
      case "map":
        writeMembers(elementsOf(mapEntries.call(one)), "[", "]");
        break;
      case "object":
        writeMembers(membersOf(one), "{", "}");
        break;
      case "other":
        text += typeof one;
        break;
      default:
        text += String(one);
    }
  };
  write(value);
  return shortened(text);
};

function* elementsOf(list) {
  for (const element of list) yield [undefined, element];
}

function* membersOf(value) {
  for (const name of Object.keys(value)) if (value[name] !== undefined) yield [name, value[name]];
}

const words = {
  list: "sequence",
  object: "map",
  text: "string",
  date: "Date",
  decimal: "Decimal",
  set: "Set",
  map: "Map",
};

/** The value's kind, as messages name it. */
const nameOfKind = (value) => {
  const kind = kindOf(value);
  if (kind === "number") return Number.isInteger(value) && !/e/.test(value) ? "integer" : "floating point";
  return kind === "other" ? typeof value : (words[kind] ?? kind);
};

/** The value's kind and, of a scalar, the value. */
const descriptionOf = (value) => {
  switch (kindOf(value)) {
    case "text":
      return `string ${excerptOf(value)}`;
    case "number":
    case "boolean":
      return `${nameOfKind(value)} \`${excerptOf(value)}\``;
    case "bigint":
    case "date":
    case "decimal":
      return `${nameOfKind(value)} \`${unquoted(excerptOf(value))}\``;
    default:
      return nameOfKind(value);
  }
};

const unquoted = (text) => text.replace(/^"|"$/g, "");
