/** Violations listed at most. */
const maxViolations = 100;
const maxOptionsNamed = 8;
const maxSummary = 120;

/** Thrown where a report is full or nothing more can be found. */
const halt = Object.freeze({});

const pointerTo = (name) => `/${String(name).replace(/~/g, "~0").replace(/\//g, "~1")}`;

const listed = (names) => {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length === 2 ? quoted.join(" and ") : `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}`;
};

/** What is wrong with a value, in the words of the request decoder's reports. */
class Report {
  violations = [];
  message = undefined;
  shapeMisses = 0;

  constructor(isSensitive, parent) {
    this.isSensitive = isSensitive;
    this.isProbe = parent !== undefined;
    this.path = parent?.path ?? [];
    this.branch = parent?.branch;
    this.startDepth = this.path.length;
    this.startPointer = this.pointer;
  }

  get pointer() {
    return this.path.map(pointerTo).join("");
  }

  /** Runs something one step further down. */
  at(step, visit) {
    this.path.push(step);
    visit();
    this.path.pop();
  }

  add(rule, reason, expected, ...got) {
    reason = this.inBranch(reason);
    const excerpt = this.isSensitive || got.length === 0 ? undefined : excerptOf(got[0]);
    this.record(this.pointer, rule, reason, reason, expected, excerpt);
  }

  missing(names) {
    const all = this.inBranch(names.length === 1 ? `missing field ${names[0]}` : `missing fields ${listed(names)}`);
    this.shapeMisses += this.path.length === this.startDepth ? names.length : 0;
    for (const name of names) {
      this.record(this.pointer + pointerTo(name), "required", this.inBranch(`missing field ${name}`), all);
    }
  }

  mismatch(node, value) {
    this.shapeMisses += node.isLiteral && this.path.length === this.startDepth + 1 ? 1 : 0;
    if (typeof value === "string" && node.invalidText !== undefined) {
      const got = this.isSensitive ? "" : `, got ${shortened(JSON.stringify(value).slice(1, -1))}`;
      this.add("type", node.invalidText + got, node.expected, value);
      return;
    }
    const found = this.isSensitive ? nameOfKind(value) : descriptionOf(value);
    this.add("type", `invalid type: ${found}, expected ${node.expected}`, node.expected, value);
  }

  tooDeep() {
    this.branch = undefined;
    this.add("syntax", "recursion limit exceeded");
    throw halt;
  }

  /** Takes over what the closest of a union's options lacks, and says beside its first violation what the others wanted. */
  adoptClosest(probes) {
    const isCloser = (a, b) =>
      a.shapeMisses < b.shapeMisses || (a.shapeMisses === b.shapeMisses && a.violations.length < b.violations.length);
    const closest = probes.reduce((best, one) => (isCloser(one.probe, best.probe) ? one : best));
    if (closest.probe.violations.length === 0) return;
    const others = probes
      .filter(({ probe }) => probe !== closest.probe && probe.violations.length > 0)
      .slice(0, maxOptionsNamed);
    const remark = ` (${closest.name}${others.map(({ name, probe }) => `; ${name}: ${probe.summary}`).join("")})`;
    this.message ??= closest.probe.message + remark;
    closest.probe.violations.forEach((violation, index) => {
      if (this.violations.length >= maxViolations) return;
      this.violations.push(index === 0 ? { ...violation, message: violation.message + remark } : violation);
    });
    if (this.violations.length >= maxViolations) throw halt;
  }

  get summary() {
    const first = this.violations[0];
    const place = this.startPointer.length < first.path.length ? `${first.path.slice(this.startPointer.length)} ` : "";
    return shortened(place + first.message, maxSummary);
  }

  /** What becomes the error of the call. */
  get failure() {
    if (this.violations.length === 0) {
      // Found the first time and not the second: a getter that changes its mind, a pattern that came to its limit.
      this.add("timeout", "the request could not be checked");
    }
    return { ok: false, message: this.message, details: { violations: this.violations } };
  }

  inBranch(reason) {
    return this.branch === undefined ? reason : `${reason} (${this.branch})`;
  }

  record(path, rule, message, whole, expected, got) {
    this.message ??= `unable to decode request body: ${this.dotted}${whole}`;
    const violation = { in: "body", path, rule, message };
    if (expected !== undefined) violation.expected = expected;
    if (got !== undefined) violation.got = got;
    this.violations.push(violation);
    if (this.violations.length >= maxViolations) throw halt;
  }

  get dotted() {
    const steps = this.path.map((step, index) =>
      typeof step === "number" ? `[${step}]` : index > 0 ? `.${step}` : step,
    );
    return steps.length === 0 || steps.join("") === "" ? "" : `${steps.join("")}: `;
  }
}
