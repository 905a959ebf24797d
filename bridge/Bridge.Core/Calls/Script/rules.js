/** A decimal's text taken apart: its digits without zeros around them, and the power of ten that the first stands below. */
const digitsOf = (text) => {
  const [, sign, whole, fraction = "", exponent = "0"] = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  const all = whole + fraction;
  const significant = all.replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  return {
    digits,
    isNegative: sign === "-" && digits !== "",
    magnitude: whole.length - (all.length - significant.length) + Number(exponent),
  };
};

/** Less than, equal to or greater than zero, as one decimal's text is than the other's. */
const compare = (left, right) => {
  const [a, b] = [digitsOf(left), digitsOf(right)];
  if (a.isNegative !== b.isNegative) return a.isNegative ? -1 : 1;
  const magnitudes = compareMagnitudes(a, b);
  return a.isNegative ? -magnitudes : magnitudes;
};

const compareMagnitudes = (a, b) => {
  if (a.digits === "" || b.digits === "") return Number(a.digits !== "") - Number(b.digits !== "");
  if (a.magnitude !== b.magnitude) return a.magnitude - b.magnitude;
  return a.digits < b.digits ? -1 : Number(a.digits > b.digits);
};

/** Whether a decimal's text is a whole number. */
const isWhole = (text) => {
  const { digits, magnitude } = digitsOf(text);
  return digits === "" || digits.length <= magnitude;
};

/** Whether a decimal's text is a multiple of `divisor × 10 ** exponent`. */
const isMultiple = (text, divisor, exponent) => {
  const { digits, magnitude } = digitsOf(text);
  if (digits === "") return true;
  let shift = magnitude - digits.length - exponent;
  if (shift < 0) return false;
  let power = 1n % divisor;
  for (let base = 10n % divisor; shift > 0; shift >>= 1) {
    if (shift & 1) power = (power * base) % divisor;
    base = (base * base) % divisor;
  }
  return ((BigInt(digits) % divisor) * power) % divisor === 0n;
};

/** A text that equal values have in common, whatever the order of their fields. */
const keyOf = (value) => {
  switch (kindOf(value)) {
    case "text":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "date":
      return `t${value.getTime()}`;
    case "decimal":
      return `d${value.value}`;
    case "bytes":
      return `b${value.join()}`;
    case "set":
    case "list":
      return `[${Array.from(value, keyOf).join()}]`;
    case "map":
      return `[${Array.from(value, ([key, member]) => `[${keyOf(key)},${keyOf(member)}]`).join()}]`;
    case "object":
      return `{${Object.keys(value)
        .sort()
        .map((name) => `${JSON.stringify(name)}:${keyOf(value[name])}`)
        .join()}}`;
    default:
      return String(value);
  }
};

/** The places of a copied list's elements that equal an earlier one; of entries the keys count. */
const duplicatesIn = (list, areEntries) => {
  const [values, texts, found] = [new Set(), new Set(), []];
  for (let i = 0; i < list.length; i++) {
    const value = areEntries ? list[i][0] : list[i];
    const isObject = typeof value === "object" && value !== null;
    const [seen, key] = isObject ? [texts, keyOf(value)] : [values, value];
    if (seen.has(key)) found.push(i);
    seen.add(key);
  }
  return found;
};

const isDistinct = (list, areEntries) => list.length < 2 || duplicatesIn(list, areEntries).length === 0;

/**
 * Makes what tries the options of unions that nothing tells apart. Inside of a trial it remembers what became of each object, so that unions
 * in unions cost no more than what they hold.
 */
const newChooser = () => {
  let trials = 0;
  let results = [];
  return (union, value, depth, options) => {
    const known = trials > 0 ? (results[union] ??= new Map()) : undefined;
    if (known?.has(value)) return known.get(value);
    let copy;
    trials++;
    try {
      for (let i = 0; i < options.length && copy === undefined; i++) copy = options[i](value, depth);
    } finally {
      if (--trials === 0) results = [];
    }
    known?.set(value, copy);
    return copy;
  };
};
