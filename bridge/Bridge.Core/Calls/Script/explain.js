/**
 * Reports how a value breaks a rule: of several that all must hold each one, of several of which one must the first.
 * @param subject the value as rules see it: of a list its copy
 * @param source the value as it was passed
 */
const explainRule = (report, rule, subject, source) => {
  if (rule.holds(subject)) return;
  if (rule.all !== undefined) {
    for (const one of rule.all) explainRule(report, one, subject, source);
  } else if (rule.any !== undefined) {
    explainRule(report, rule.any[0], subject, source);
  } else if (rule.isUnique) {
    reportDuplicates(report, subject, false, rule.reason);
  } else {
    report.add(rule.name, reasonOf(report, rule, subject), rule.expected, source);
  }
};

const reportDuplicates = (report, list, areEntries, reason) => {
  for (const index of duplicatesIn(list, areEntries)) report.at(index, () => report.add("uniqueItems", reason));
};

const reasonOf = (report, rule, value) => {
  if (rule.lengthOf !== undefined) return `${rule.reason} (got ${rule.lengthOf(value)}, expected ${rule.limit})`;
  const shown = rule.showsGot && !report.isSensitive ? ` (got ${shortened(unquoted(excerptOf(value)))})` : "";
  return rule.reason + shown;
};

/** Reports all that is wrong with a value: a walk over the types' descriptions, taken only where the fast check failed. */
const newExplainer = (nodes, isSensitive) => {
  const visit = (report, id, value, depth) => {
    const node = nodes[id];
    const before = report.violations.length;
    const copy = shapes[node.shape](report, node, value, depth);
    for (const rule of node.rules) {
      if (report.violations.length === before) explainRule(report, rule, copy ?? value, value);
    }
  };

  const enter = (report, depth) => {
    if (depth >= maxDepth) report.tooDeep();
  };

  const attempt = (report, check, value, depth) => {
    try {
      return check(value, depth);
    } catch (error) {
      if (error === deep) report.tooDeep();
      throw error;
    }
  };

  const converted = (value) =>
    kindOf(value) === "object" && typeof value.toJSON === "function" ? value.toJSON() : value;

  const copyOf = (report, node, value, depth, before) =>
    report.violations.length === before && node.copy !== undefined
      ? attempt(report, node.copy, value, depth)
      : undefined;

  /** Whether JSON has nothing for a value of any type: such a field is missing, such an element null. */
  const isNothing = (report, id, value, depth) =>
    nodes[id].shape === "any" && nodes[id].rules.length === 0 && attempt(report, plain, value, depth) === undefined;

  /** Visits the elements of a list, each as of the type that its place has. */
  const each = (report, values, typeAt, depth) => {
    let index = 0;
    for (const value of values) {
      const place = index++;
      const type = typeAt(place);
      if (type === undefined || isNothing(report, type, value, depth)) continue;
      report.at(place, () => visit(report, type, value === undefined ? null : value, depth));
    }
  };

  const shapes = {
    scalar(report, node, value) {
      if (node.invalid !== undefined && node.isOfKind(value) && !node.fits(value)) {
        report.add("type", node.invalid, node.expected, value);
      } else if (!node.fits(value)) {
        report.mismatch(node, value);
      }
    },

    any(report, node, value, depth) {
      const copy = attempt(report, plain, value, depth);
      if (copy === undefined) report.mismatch(node, value);
      return copy;
    },

    object(report, node, value, depth) {
      value = converted(value);
      if (kindOf(value) !== "object") return report.mismatch(node, value);
      enter(report, depth);
      const names = new Set(Object.keys(value));
      for (const name of node.fields.keys()) names.add(name);
      const missing = [];
      for (const name of names) {
        const field = node.fields.get(name);
        const member = field?.isInherited ? own(value, name) : value[name];
        if (field === undefined) {
          if (member !== undefined) undeclared(report, node, name, member, depth);
        } else if (member !== undefined && (field.isRequired || !isNothing(report, field.type, member, depth + 1))) {
          report.at(name, () => visit(report, field.type, member, depth + 1));
        }
      }
      for (const [name, field] of node.fields) {
        if (field.isRequired && (field.isInherited ? own(value, name) : value[name]) === undefined) missing.push(name);
      }
      if (missing.length > 0) report.missing(missing);
    },

    list(report, node, value, depth) {
      if (kindOf(value) !== node.kind) return report.mismatch(node, value);
      enter(report, depth);
      const before = report.violations.length;
      each(report, value, () => node.element, depth + 1);
      const copy = copyOf(report, node, value, depth, before);
      if (node.kind === "set" && copy !== undefined)
        reportDuplicates(report, copy, false, "duplicate element of a set");
      return copy;
    },

    map(report, node, value, depth) {
      if (kindOf(value) !== "map") return report.mismatch(node, value);
      enter(report, depth + 1);
      const before = report.violations.length;
      let index = 0;
      for (const entry of mapEntries.call(value)) {
        report.at(index++, () => each(report, entry, (place) => (place === 0 ? node.key : node.value), depth + 2));
      }
      const copy = copyOf(report, node, value, depth, before);
      if (copy !== undefined) reportDuplicates(report, copy, true, "duplicate key of a map");
      return copy;
    },

    tuple(report, node, value, depth) {
      if (!Array.isArray(value)) return report.mismatch(node, value);
      enter(report, depth);
      const before = report.violations.length;
      const elements = value.slice(0, node.count(value));
      const trailingFrom =
        node.trailing.length === 0 ? Infinity : Math.max(elements.length, node.least) - node.trailing.length;
      const typeAt = (index) =>
        index >= trailingFrom ? node.trailing[index - trailingFrom] : (node.elements[index] ?? node.rest);
      each(report, elements, typeAt, depth + 1);
      rejectLength(report, node, elements);
      return copyOf(report, node, value, depth, before);
    },

    union(report, node, value, depth) {
      value = converted(value);
      const kind = kindOf(value);
      const candidates = node.byKind[kind] ?? [];
      if (candidates.length === 0) return report.mismatch(node, value);
      if (candidates.length === 1) return visit(report, node.options[candidates[0]].type, value, depth);
      if (kind === "object" && node.tag !== undefined) return visitTagged(report, node, value, depth);
      if (candidates.some((option) => attempt(report, node.options[option].check, value, depth) !== undefined))
        return undefined;
      if (!node.isExplained.includes(kind)) return report.mismatch(node, value);
      if (report.isProbe) return report.add("type", "no option of the union fits", node.expected, value);
      const probes = candidates.map((option) => ({
        name: node.options[option].name,
        probe: probeOf(report, node.options[option], value, depth),
      }));
      report.adoptClosest(probes);
    },
  };

  const undeclared = (report, node, name, member, depth) => {
    const pattern = node.patterns.find((one) => one.fits(name));
    const type = pattern === undefined ? node.additional : pattern.type;
    if (type === undefined || isNothing(report, type, member, depth + 1)) return;
    report.at(name, () => {
      if (pattern === undefined && node.key !== undefined && !node.key.fits(name)) {
        report.add("key", `invalid key, expected ${node.key.expected}`);
      }
      visit(report, type, member, depth + 1);
    });
  };

  const rejectLength = (report, node, elements) => {
    const count = elements.length;
    if (count >= node.least && count <= node.most) return;
    const isShort = count < node.least;
    const expected = node.least === node.most ? "exactly" : isShort ? "at least" : "at most";
    const reason = `tuple too ${isShort ? "short" : "long"} (got ${count} elements, expected ${expected} ${isShort ? node.least : node.most})`;
    report.add(isShort ? "minLength" : "maxLength", reason, node.lengths, elements);
  };

  const visitTagged = (report, node, value, depth) => {
    const { name, isInherited, options, expected } = node.tag;
    const tag = isInherited ? own(value, name) : value[name];
    if (tag === undefined) return report.missing([name]);
    const option = node.options[options.get(tag) ?? -1];
    if (option === undefined) return report.at(name, () => report.mismatch({ expected }, tag));
    const outer = report.branch;
    report.branch = option.name;
    visit(report, option.type, value, depth);
    report.branch = outer;
  };

  const probeOf = (report, option, value, depth) => {
    const probe = new Report(isSensitive, report);
    try {
      visit(probe, option.type, value, depth);
    } catch (error) {
      if (error !== halt) throw error;
      probe.path.length = probe.startDepth;
    }
    return probe;
  };

  return (value) => {
    const report = new Report(isSensitive);
    try {
      visit(report, 0, value, 0);
    } catch (error) {
      if (error !== halt) throw error;
      report.path.length = 0;
    }
    return report.failure;
  };
};

/** The function that a call's request goes through. */
const newRequestCheck = (check, describe, isSensitive, isObject) => {
  let explain;
  return (value) => {
    try {
      const copy = check(value, 0);
      if (copy !== undefined) return { ok: true, value: copy };
    } catch (error) {
      if (error !== deep) throw error;
    }
    explain ??= newExplainer(describe(), isSensitive);
    return explain(isObject && value === undefined ? {} : value);
  };
};
