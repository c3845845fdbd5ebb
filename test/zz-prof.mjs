// src/errors.ts
var KthenaError = class extends Error {
  name = "KthenaError";
  code;
  details;
  hint;
  constructor(code, message, parts2 = {}) {
    super(message, parts2.cause === void 0 ? void 0 : { cause: parts2.cause });
    this.code = code;
    this.details = parts2.details ?? [];
    this.hint = parts2.hint;
  }
};

// src/crds/compare/crd.ts
function readCrd(object) {
  const spec = object["spec"];
  const { group, scope, names, versions } = spec ?? {};
  if (typeof group !== "string" || typeof scope !== "string" || !names?.kind || !names.plural || !Array.isArray(versions)) {
    throw new KthenaError(
      "bundle",
      `${object.kind}/${object.metadata.name} is not a complete CustomResourceDefinition`,
      {
        hint: "It needs group, scope, names and versions in its spec; Kubernetes has them in apiextensions.k8s.io/v1."
      }
    );
  }
  const { kind, plural } = names;
  const defaults = { singular: kind.toLowerCase(), listKind: `${kind}List` };
  return {
    name: object.metadata.name,
    spec: {
      group,
      scope,
      names: { ...defaults, ...names, kind, plural },
      versions,
      conversion: spec?.conversion ?? { strategy: "None" },
      preserveUnknownFields: spec?.preserveUnknownFields ?? false
    },
    storedVersions: object["status"]?.storedVersions ?? []
  };
}
function schemaOf(version) {
  return version.schema?.openAPIV3Schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true };
}

// src/crds/compare/schema/checked-formats.ts
var CHECKED_FORMATS = /* @__PURE__ */ new Set([
  ...["bsonobjectid", "byte", "cidr", "creditcard", "date", "datetime", "duration", "email", "hexcolor", "hostname"],
  ...["ipv4", "ipv6", "isbn", "isbn10", "isbn13", "mac", "password", "rgbcolor", "ssn", "uri"],
  ...["uuid", "uuid3", "uuid4", "uuid5"],
  // From Kubernetes 1.34 on; an older server does not look at them.
  ...["k8sshortname", "k8slongname"]
]);
function isCheckedFormat(format) {
  return CHECKED_FORMATS.has(withoutHyphens(format));
}
function withoutHyphens(format) {
  return format.replaceAll("-", "");
}

// src/crds/stored/format/network.ts
import { isIPv6 as isIPv6WithZone } from "node:net";
function isIPv4(text) {
  return isDottedQuad(text) || text.includes(".") && isIPv6(text);
}
function isIPv6(text) {
  return isIPv6WithZone(text) && !text.includes("%");
}
function isCidr(text) {
  const [, address, length] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  if (address === void 0) return false;
  if (isDottedQuad(address)) return Number(length) <= 32;
  return isIPv6(address) && Number(length) <= 128;
}
function isMac(text) {
  const separator = /[:.-]/.exec(text)?.[0];
  if (separator === void 0) return false;
  const size = separator === "." ? 4 : 2;
  const groups = text.split(separator);
  const octets = groups.length * size / 2;
  return [6, 8, 20].includes(octets) && groups.every((group) => group.length === size && /^[0-9a-f]+$/i.test(group));
}
function isDottedQuad(text) {
  const parts2 = text.split(".");
  return parts2.length === 4 && parts2.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

// src/crds/stored/format/time.ts
function isDate(text) {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === void 0 || month === void 0 || day === void 0) return false;
  const date = /* @__PURE__ */ new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}
function isDateTime(text) {
  const [, date, hour, minute, second] = /^(.{10})t(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/i.exec(text) ?? [];
  return date !== void 0 && isDate(date) && hour <= "23" && minute <= "59" && second <= "59";
}
var GO_DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
var WORDED_DURATION = /\d+\s*(?:d|day|w|week|h|hr|hour|m|min|s|sec|ms|milli|us|micro|µs|ns|nano)/i;
function isDuration(text) {
  return GO_DURATION.test(text) || WORDED_DURATION.test(text);
}

// src/crds/stored/format/uri.ts
var BAD_ESCAPE = /%(?![0-9a-f]{2})/i;
var CONTROL = /[\u0000-\u001f\u007f]/;
var BAD_IN_HOST = /[\s"<>\\^`{|}]/;
function isRequestUri(text) {
  if (text === "" || CONTROL.test(text)) return false;
  if (text === "*") return true;
  const [, scheme, rest = ""] = /^(?:([a-z][a-z0-9+.-]*):)?(.*)$/is.exec(text) ?? [];
  if (!rest.startsWith("/")) return scheme !== void 0;
  const path = rest.split("?")[0];
  if (scheme === void 0 || !path.startsWith("//") || path.startsWith("///")) return !BAD_ESCAPE.test(path);
  const [, authority, remainder] = /^\/\/([^/]*)(.*)$/s.exec(path);
  return isAuthority(authority) && !BAD_ESCAPE.test(remainder);
}
function isAuthority(authority) {
  const at = authority.lastIndexOf("@");
  const [user, host] = [authority.slice(0, Math.max(0, at)), authority.slice(at + 1)];
  if (!/^[\w\-.:~!$&'()*+,;=%@]*$/.test(user) || BAD_ESCAPE.test(user) || BAD_IN_HOST.test(host)) return false;
  const bracketed = /^\[([^\]]*)\](.*)$/.exec(host);
  const port = bracketed === null ? /:.*$/.exec(host)?.[0] : bracketed[2];
  return (port ?? "") === "" || /^:\d*$/.test(port);
}

// src/crds/stored/format/formats.ts
var anyText = () => true;
var K8S_NAME = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
var CHECKS = {
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  byte: (text) => text.length >= 4 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text),
  cidr: isCidr,
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  hexcolor: matching(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i),
  ipv4: isIPv4,
  ipv6: isIPv6,
  k8slongname: (text) => text.length <= 253 && text.split(".").every(matching(new RegExp(`^${K8S_NAME}$`))),
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${K8S_NAME}$`).test(text),
  mac: isMac,
  password: anyText,
  uri: isRequestUri,
  uuid: uuid("[0-9a-f]", "[0-9a-f]"),
  uuid3: uuid("3", "[0-9a-f]"),
  uuid4: uuid("4", "[89ab]"),
  uuid5: uuid("5", "[89ab]")
};
function formatCheck(format) {
  return isCheckedFormat(format) ? CHECKS[withoutHyphens(format)] : anyText;
}
function matching(pattern) {
  return (text) => pattern.test(text);
}
function uuid(version, variant) {
  const hex = "[0-9a-f]";
  return matching(new RegExp(`^${hex}{8}-?${hex}{4}-?${version}${hex}{3}-?${variant}${hex}{3}-?${hex}{12}$`, "i"));
}

// src/crds/stored/json-schema.ts
var SAME = [
  ...["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf"],
  ...["minimum", "maximum", "required"]
];
var WORTH_SHARING = 120;
function jsonSchemaOf(schema2) {
  const converted = convert(schema2);
  const counts = /* @__PURE__ */ new Map();
  countParts(converted, counts);
  const definitions = {};
  const shared = share(converted, { counts, definitions, names: /* @__PURE__ */ new Map() }, true);
  return { ...shared, definitions };
}
function convert(schema2) {
  const plain = { ...typeAndLimits(schema2), ...conditions(schema2), ...parts(schema2) };
  if (!schema2.nullable) return plain;
  return { if: { type: "null" }, then: enumOf(schema2), else: plain };
}
function typeAndLimits(schema2) {
  const result = { ...enumOf(schema2) };
  if (schema2["x-kubernetes-int-or-string"]) result["type"] = ["integer", "string"];
  else if (schema2.type !== void 0) result["type"] = schema2.type;
  for (const keyword of SAME) if (schema2[keyword] !== void 0) result[keyword] = schema2[keyword];
  if (schema2.pattern) result["pattern"] = schema2.pattern;
  if (schema2.format) result["format"] = schema2.format;
  if (schema2["exclusiveMinimum"] === true) exclude(result, "minimum", "exclusiveMinimum");
  if (schema2["exclusiveMaximum"] === true) exclude(result, "maximum", "exclusiveMaximum");
  return result;
}
function exclude(result, limit, exclusive) {
  if (result[limit] !== void 0) result[exclusive] = result[limit];
  delete result[limit];
}
function enumOf(schema2) {
  return schema2.enum !== void 0 && schema2.enum.length > 0 ? { enum: schema2.enum } : {};
}
function conditions(schema2) {
  const result = {};
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const list = schema2[keyword];
    if (list === void 0 || list.length === 0 || keyword === "anyOf" && isImplied(schema2)) continue;
    result[keyword] = list.map(convert);
  }
  if (schema2.not !== void 0) result["not"] = convert(schema2.not);
  return result;
}
function isImplied(schema2) {
  const types = schema2.anyOf?.map(
    (alternative) => Object.keys(alternative).length === 1 ? alternative.type : void 0
  );
  return schema2["x-kubernetes-int-or-string"] === true && types?.join() === "integer,string";
}
function parts(schema2) {
  const result = {};
  if (schema2.properties !== void 0) result["properties"] = mapValues(schema2.properties, convert);
  if (typeof schema2.additionalProperties === "object") {
    result["additionalProperties"] = convert(schema2.additionalProperties);
  }
  if (schema2.items !== void 0) result["items"] = convert(schema2.items);
  return result;
}
function countParts(schema2, counts) {
  const key = JSON.stringify(schema2);
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  if (count === 1) mapParts(schema2, (part) => (countParts(part, counts), part));
}
function share(schema2, sharing, isRoot = false) {
  const { counts, definitions, names } = sharing;
  const key = JSON.stringify(schema2);
  const expand = () => mapParts(schema2, (part) => share(part, sharing));
  if (isRoot || key.length < WORTH_SHARING || counts.get(key) < 2) return expand();
  let name = names.get(key);
  if (name === void 0) {
    name = `part${names.size}`;
    names.set(key, name);
    definitions[name] = expand();
  }
  return { $ref: `#/definitions/${name}` };
}
function mapParts(schema2, map) {
  const result = { ...schema2 };
  if (schema2["properties"] !== void 0) {
    result["properties"] = mapValues(schema2["properties"], map);
  }
  for (const keyword of ["items", "additionalProperties", "else"]) {
    if (schema2[keyword] !== void 0) result[keyword] = map(schema2[keyword]);
  }
  return result;
}
function mapValues(map, convertValue) {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convertValue(value)]));
}

// src/crds/stored/pattern/syntax.ts
var PatternError = class extends Error {
};
var EMPTY = { kind: "empty" };
function isWordCharacter(code) {
  return code >= 48 && code <= 57 || code >= 65 && code <= 90 || code === 95 || code >= 97 && code <= 122;
}

// src/crds/stored/pattern/characters.ts
var isDigit = (code) => code >= 48 && code <= 57;
var isSpace = (code) => code === 9 || code === 10 || code === 12 || code === 13 || code === 32;
var PERL_CLASSES = { d: isDigit, s: isSpace, w: isWordCharacter };
var POSIX_CLASSES = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f"
};
var CONTROL2 = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
function perlClass(letter) {
  const test = PERL_CLASSES[letter.toLowerCase()];
  if (test === void 0) return void 0;
  return letter === letter.toLowerCase() ? test : not(test);
}
function posixClass(name) {
  const members = POSIX_CLASSES[name.replace(/^\^/, "")];
  if (members === void 0) throw new PatternError(`unknown class [:${name}:]`);
  const test = fromRegExp(new RegExp(`^[${members}]$`));
  return name.startsWith("^") ? not(test) : test;
}
function unicodeClass(name, negated) {
  const plain = name.replace(/^\^/, "");
  const test = unicodeProperty(plain) ?? unicodeProperty(`Script=${plain}`);
  if (test === void 0) throw new PatternError(`unknown class \\p{${name}}`);
  return negated === name.startsWith("^") ? test : not(test);
}
function unicodeProperty(property) {
  try {
    return fromRegExp(new RegExp(`^\\p{${property}}$`, "u"));
  } catch {
    return void 0;
  }
}
function fromRegExp(pattern) {
  return (code) => pattern.test(String.fromCodePoint(code));
}
function escapedCharacter(letter) {
  if (Object.hasOwn(CONTROL2, letter)) return CONTROL2[letter];
  return /[!-/:-@[-`{-~]/.test(letter) ? letter.codePointAt(0) : void 0;
}
function range(low, high) {
  return (code) => code >= low && code <= high;
}
function not(test) {
  return (code) => !test(code);
}
function anyOf(tests) {
  return (code) => tests.some((test) => test(code));
}
function ignoringCase(test) {
  return (code) => {
    const text = String.fromCodePoint(code);
    return test(code) || test(text.toLowerCase().codePointAt(0)) || test(text.toUpperCase().codePointAt(0));
  };
}

// src/crds/stored/pattern/parse.ts
var MOST_REPETITIONS = 1e3;
var NEW_LINE = 10;
function parsePattern(pattern) {
  const parser = new Parser([...pattern]);
  return parser.whole();
}
var Parser = class {
  constructor(characters) {
    this.characters = characters;
  }
  characters;
  position = 0;
  flags = {};
  whole() {
    const expression = this.choice();
    if (this.position < this.characters.length) throw new PatternError("unexpected )");
    return expression;
  }
  choice() {
    const parts2 = [this.sequence()];
    while (this.take("|")) parts2.push(this.sequence());
    return parts2.length === 1 ? parts2[0] : { kind: "choice", parts: parts2 };
  }
  sequence() {
    const parts2 = [];
    for (let next = this.peek(); next !== void 0 && next !== "|" && next !== ")"; next = this.peek()) {
      if (this.takeAll("\\Q")) parts2.push(...this.literal());
      else parts2.push(this.repeated());
    }
    return parts2.length === 1 ? parts2[0] : { kind: "sequence", parts: parts2 };
  }
  /** What is between `\Q` and `\E`. */
  literal() {
    const parts2 = [];
    while (this.peek() !== void 0 && !this.takeAll("\\E")) parts2.push(this.exactly(this.next()));
    return parts2;
  }
  repeated() {
    const part = this.atom();
    const count = this.count();
    if (count === void 0) return part;
    this.take("?");
    if (this.count() !== void 0) throw new PatternError("a repetition of a repetition");
    return { kind: "repeat", part, ...count };
  }
  count() {
    if (this.take("*")) return { least: 0, most: Infinity };
    if (this.take("+")) return { least: 1, most: Infinity };
    if (this.take("?")) return { least: 0, most: 1 };
    const [text, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(this.rest(12)) ?? [];
    if (text === void 0 || comma === "" && most !== "") return void 0;
    this.position += text.length;
    const count = { least: Number(least), most: comma === "" ? Number(least) : most === "" ? Infinity : Number(most) };
    const highest = count.most === Infinity ? count.least : count.most;
    if (highest > MOST_REPETITIONS || count.most < count.least) throw new PatternError(`invalid repetition ${text}`);
    return count;
  }
  atom() {
    const character = this.next();
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return this.character(this.set());
      case ".":
        return this.character(this.flags["s"] ? () => true : not(range(NEW_LINE, NEW_LINE)));
      case "^":
        return assertion(this.flags["m"] ? "line-start" : "text-start");
      case "$":
        return assertion(this.flags["m"] ? "line-end" : "text-end");
      case "\\":
        return this.escape();
      case "*":
      case "+":
      case "?":
        throw new PatternError(`nothing to repeat before ${character}`);
      default:
        return this.exactly(character);
    }
  }
  group() {
    const outside = this.flags;
    if (this.take("?") && !this.takeName()) {
      this.takeFlags();
      if (this.take(")")) return EMPTY;
      if (!this.take(":")) throw new PatternError("unknown group");
    }
    const expression = this.choice();
    if (!this.take(")")) throw new PatternError("missing )");
    this.flags = outside;
    return expression;
  }
  takeName() {
    const name = /^P?<\w+>/.exec(this.rest(80))?.[0];
    this.position += name?.length ?? 0;
    return name !== void 0;
  }
  takeFlags() {
    const [text, on, off = ""] = /^([imsU]*)(?:-([imsU]+))?/.exec(this.rest(12));
    this.position += text.length;
    for (const flag of on) this.flags = { ...this.flags, [flag]: true };
    for (const flag of off) this.flags = { ...this.flags, [flag]: false };
  }
  escape() {
    const letter = this.next();
    if (letter === "A") return assertion("text-start");
    if (letter === "z") return assertion("text-end");
    if (letter === "b") return assertion("word-boundary");
    if (letter === "B") return assertion("no-word-boundary");
    return this.character(this.escapedClass(letter) ?? exact(this.escapedCode(letter)));
  }
  escapedClass(letter) {
    if (letter !== "p" && letter !== "P") return perlClass(letter);
    if (!this.take("{")) return unicodeClass(this.next(), letter === "P");
    let name = "";
    while (!this.take("}")) name += this.next();
    return unicodeClass(name, letter === "P");
  }
  escapedCode(letter) {
    const code = escapedCharacter(letter);
    if (code !== void 0) return code;
    const [text, hex, long] = /^(?:([0-9a-f]{2})|\{([0-9a-f]{1,6})\})/i.exec(letter === "x" ? this.rest(8) : "") ?? [];
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{2})/.exec(letter + this.rest(2))?.[0];
    if (text === void 0 && octal === void 0) throw new PatternError(`unknown escape \\${letter}`);
    this.position += text === void 0 ? octal.length - 1 : text.length;
    return text === void 0 ? parseInt(octal, 8) : parseInt(hex ?? long, 16);
  }
  /** What follows `[`, up to `]`. */
  set() {
    const negated = this.take("^");
    const tests = [];
    for (let first = true; first || !this.take("]"); first = false) {
      const [posix, name] = /^\[:(\^?\w+):\]/.exec(this.rest(14)) ?? [];
      if (posix !== void 0) {
        this.position += posix.length;
        tests.push(posixClass(name));
      } else tests.push(this.setItem());
    }
    const members = this.flags["i"] ? ignoringCase(anyOf(tests)) : anyOf(tests);
    return negated ? not(members) : members;
  }
  setItem() {
    const low = this.setCharacter();
    if (typeof low === "function") return low;
    if (this.peek() !== "-" || this.characters[this.position + 1] === "]") return exact(low);
    this.position++;
    const high = this.setCharacter();
    if (typeof high === "function" || high < low) throw new PatternError("invalid range");
    return range(low, high);
  }
  setCharacter() {
    const character = this.next();
    if (character !== "\\") return character.codePointAt(0);
    const letter = this.next();
    return this.escapedClass(letter) ?? this.escapedCode(letter);
  }
  exactly(character) {
    return this.character(exact(character.codePointAt(0)));
  }
  character(test) {
    return { kind: "character", test: this.flags["i"] ? ignoringCase(test) : test };
  }
  peek() {
    return this.characters[this.position];
  }
  next() {
    const character = this.peek();
    if (character === void 0) throw new PatternError("unexpected end");
    this.position++;
    return character;
  }
  take(character) {
    if (this.peek() !== character) return false;
    this.position++;
    return true;
  }
  takeAll(text) {
    if (this.rest(text.length) !== text) return false;
    this.position += text.length;
    return true;
  }
  rest(length) {
    return this.characters.slice(this.position, this.position + length).join("");
  }
};
function exact(code) {
  return range(code, code);
}
function assertion(kind) {
  return { kind: "assertion", assertion: kind };
}

// src/crds/stored/pattern/program.ts
var MOST_INSTRUCTIONS = 2e4;
function compileProgram(expression) {
  const instructions = [{ op: "match" }];
  const add = (instruction) => {
    if (instructions.length >= MOST_INSTRUCTIONS) throw new PatternError("too long");
    return instructions.push(instruction) - 1;
  };
  const compile = (part, next) => {
    switch (part.kind) {
      case "empty":
        return next;
      case "character":
        return add({ op: "character", test: part.test, next });
      case "assertion":
        return add({ op: "assert", assertion: part.assertion, next });
      case "sequence":
        return part.parts.reduceRight((after, each) => compile(each, after), next);
      case "choice":
        return part.parts.map((each) => compile(each, next)).reduce((other, first) => add({ op: "split", next: first, other }));
      case "repeat":
        return repeat(part.part, part.least, part.most, next);
    }
  };
  const repeat = (part, least, most, next) => {
    let entry = next;
    if (most === Infinity) {
      const loop = { op: "split", next, other: next };
      entry = add(loop);
      loop.next = compile(part, entry);
    } else {
      for (let count = least; count < most; count++)
        entry = add({ op: "split", next: compile(part, entry), other: next });
    }
    for (let count = 0; count < least; count++) entry = compile(part, entry);
    return entry;
  };
  const start = compile(expression, 0);
  return { instructions, start };
}

// src/crds/stored/pattern/pattern.ts
function compilePattern(pattern) {
  try {
    const program = compileProgram(parsePattern(pattern));
    return { test: (text) => matches(program, text) };
  } catch (error) {
    if (error instanceof PatternError) return void 0;
    throw error;
  }
}
var OUTSIDE = -1;
var NEW_LINE2 = 10;
function matches({ instructions, start }, text) {
  const codes = Array.from(text, (character) => character.codePointAt(0));
  const reached = new Int32Array(instructions.length).fill(-1);
  let waiting = [];
  for (let index = 0; index <= codes.length; index++) {
    const [before, after] = [codes[index - 1] ?? OUTSIDE, codes[index] ?? OUTSIDE];
    const next = [];
    const pending = [start, ...waiting.map((instruction) => instruction.next)];
    while (pending.length > 0) {
      const at = pending.pop();
      if (reached[at] === index) continue;
      reached[at] = index;
      const instruction = instructions[at];
      if (instruction.op === "match") return true;
      if (instruction.op === "split") pending.push(instruction.other, instruction.next);
      else if (instruction.op === "assert") {
        if (holds(instruction.assertion, before, after)) pending.push(instruction.next);
      } else if (after !== OUTSIDE && instruction.test(after)) next.push(instruction);
    }
    waiting = next;
  }
  return false;
}
function holds(assertion2, before, after) {
  switch (assertion2) {
    case "text-start":
      return before === OUTSIDE;
    case "text-end":
      return after === OUTSIDE;
    case "line-start":
      return before === OUTSIDE || before === NEW_LINE2;
    case "line-end":
      return after === OUTSIDE || after === NEW_LINE2;
    case "word-boundary":
      return isWord(before) !== isWord(after);
    case "no-word-boundary":
      return isWord(before) === isWord(after);
  }
}
function isWord(code) {
  return code !== OUTSIDE && isWordCharacter(code);
}

// src/crds/stored/plan.ts
function planFor(schema2, pick, path = "") {
  const { properties = {}, additionalProperties, items } = schema2;
  const own = pick(schema2, path);
  const fields = /* @__PURE__ */ new Map();
  for (const [name, property] of Object.entries(properties)) {
    const plan = planFor(property, pick, path === "" ? name : `${path}.${name}`);
    if (plan !== void 0) fields.set(name, plan);
  }
  const values = typeof additionalProperties === "object" ? planFor(additionalProperties, pick, `${path}{}`) : void 0;
  const within = items === void 0 ? void 0 : planFor(items, pick, `${path}[]`);
  if (own === void 0 && fields.size === 0 && values === void 0 && within === void 0) return void 0;
  return {
    fields,
    ...own === void 0 ? {} : { own },
    ...values === void 0 ? {} : { values },
    ...within === void 0 ? {} : { items: within }
  };
}
function follow(plan, value, see, steps = []) {
  if (plan.own !== void 0) see(plan.own, value, steps);
  const enter = (part, step, within) => {
    steps.push(step);
    follow(part, within, see, steps);
    steps.pop();
  };
  if (Array.isArray(value)) {
    const { items } = plan;
    if (items !== void 0) value.forEach((item, index) => enter(items, index, item));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, within] of Object.entries(value)) {
      const part = plan.fields.get(key) ?? plan.values;
      if (part !== void 0) enter(part, key, within);
    }
  }
}

// src/crds/stored/violations.ts
var ALTERNATIVES = /* @__PURE__ */ new Set(["anyOf", "oneOf"]);
function violationsOf(errors, resource) {
  const alternatives = errors.filter(({ keyword }) => ALTERNATIVES.has(keyword));
  const isDetail = (error) => alternatives.some((other) => {
    const within = error.schemaPath.startsWith(`${other.schemaPath}/`);
    return within && error.instancePath.startsWith(other.instancePath);
  });
  const violations = errors.filter((error) => error.keyword !== "if" && !isDetail(error)).map((error) => {
    const judged = stepsOf(error.instancePath, resource);
    const missing = error.keyword === "required" ? [error.params.missingProperty] : [];
    return { steps: [...judged, ...missing], judged, message: messageOf(error) };
  });
  return withoutRepetitions(violations);
}
function withoutRepetitions(violations) {
  const byText = new Map(
    violations.map((violation) => [JSON.stringify([violation.steps, violation.message]), violation])
  );
  return [...byText.values()];
}
var MESSAGES = {
  required: () => "required field is missing",
  type: (params, data) => `expected ${[params.type].flat().join(" or ")}, got ${typeName(data)}`,
  enum: (params, data) => `${inWords(data)} is not one of ${params.allowedValues.map(inWords).join(", ")}`,
  minimum: (params, data) => `${String(data)} is less than ${params.limit}`,
  maximum: (params, data) => `${String(data)} is greater than ${params.limit}`,
  exclusiveMinimum: (params, data) => `${String(data)} is not greater than ${params.limit}`,
  exclusiveMaximum: (params, data) => `${String(data)} is not less than ${params.limit}`,
  multipleOf: (params, data) => `${String(data)} is not a multiple of ${params.multipleOf}`,
  minItems: (params, data) => `${data.length} items, at least ${params.limit} are needed`,
  maxItems: (params, data) => `${data.length} items, at most ${params.limit} are allowed`,
  minProperties: (params, data) => `${Object.keys(data).length} keys, at least ${params.limit} are needed`,
  maxProperties: (params, data) => `${Object.keys(data).length} keys, at most ${params.limit} are allowed`,
  minLength: (params, data) => `${lengthOf(data)} characters, at least ${params.limit} are needed`,
  maxLength: (params, data) => `${lengthOf(data)} characters, at most ${params.limit} are allowed`,
  pattern: (params) => `does not match ${params.pattern}`,
  format: (params) => `is not a valid ${params.format}`,
  anyOf: () => "fits none of the alternatives of the schema",
  oneOf: () => "does not fit exactly one of the alternatives of the schema",
  not: () => "is what the schema rules out"
};
function messageOf({ keyword, params, data }) {
  return MESSAGES[keyword]?.(params, data) ?? `does not fulfil ${keyword}`;
}
function lengthOf(data) {
  return [...data].length;
}
function inWords(value) {
  if (typeof value === "object") return typeName(value);
  return typeof value === "string" ? value || '""' : String(value);
}
function typeName(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "map";
  return Number.isInteger(value) ? "integer" : typeof value;
}
function stepsOf(pointer, resource) {
  let value = resource;
  return pointer.split("/").slice(1).map((part) => {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(value) ? Number(key) : key;
    value = value[step];
    return step;
  });
}

// src/crds/stored/compile.ts
async function schemaChecker(schema2, unchecked) {
  const { Ajv } = await import("ajv");
  noteUnchecked(schema2, unchecked);
  const ajv = new Ajv({
    allErrors: true,
    // The schema is one that the API server has accepted; what ajv's strict mode asks for, it does not.
    strict: false,
    validateSchema: false,
    verbose: true,
    // `constructor` is a field like any other, and missing unless it is there.
    ownProperties: true,
    inlineRefs: false,
    multipleOfPrecision: 9,
    formats: formatsIn(schema2),
    code: { regExp: Object.assign(goRegExp, { code: "goRegExp" }) },
    logger: false
  });
  const validate = ajv.compile(jsonSchemaOf(schema2));
  return (resource) => validate(resource) ? [] : violationsOf(validate.errors, resource);
}
var GoRegExp = class {
  constructor(source) {
    this.source = source;
    this.pattern = compilePattern(source);
  }
  source;
  pattern;
  test(text) {
    return this.pattern?.test(text) ?? true;
  }
  toString() {
    return this.source;
  }
};
function goRegExp(source) {
  return new GoRegExp(source);
}
function formatsIn(schema2) {
  const formats = {};
  everyPart(schema2, "", ({ format }) => {
    if (format) formats[format] = formatCheck(format) ?? (() => true);
  });
  return formats;
}
function noteUnchecked(schema2, unchecked) {
  planFor(schema2, (part, path) => {
    everyPart({ ...part, properties: {}, items: {}, additionalProperties: {} }, path, ({ format, pattern }) => {
      if (format && formatCheck(format) === void 0) {
        unchecked.push({ path, kind: "format", text: format, why: "the format is not known here" });
      }
      if (pattern && compilePattern(pattern) === void 0) {
        unchecked.push({
          path,
          kind: "pattern",
          text: pattern,
          why: "the expression uses something that is not known here"
        });
      }
    });
    return void 0;
  });
}
function everyPart(schema2, path, see) {
  see(schema2, path);
  const { properties = {}, additionalProperties, items, allOf = [], anyOf: anyOf2 = [], oneOf = [], not: not2 } = schema2;
  const parts2 = [...Object.values(properties), additionalProperties, items, ...allOf, ...anyOf2, ...oneOf, not2];
  for (const part of parts2) if (typeof part === "object") everyPart(part, path, see);
}

// src/crds/stored/duplicates.ts
function duplicateFinder(schema2) {
  const plan = planFor(schema2, (part) => {
    const type = part["x-kubernetes-list-type"];
    if (type === "set") return [];
    return type === "map" ? part["x-kubernetes-list-map-keys"] : void 0;
  });
  if (plan === void 0) return () => [];
  return (resource) => {
    const found = [];
    follow(plan, resource, (keys, list, steps) => {
      if (Array.isArray(list)) found.push(...duplicatesIn(list, keys, steps));
    });
    return found;
  };
}
function duplicatesIn(list, keys, steps) {
  if (list.length < 2) return [];
  const first = /* @__PURE__ */ new Map();
  return list.flatMap((item, index) => {
    const key = keys.length === 0 ? canonical(item) : keyOf(item, keys);
    const earlier = first.get(key);
    if (earlier === void 0) {
      first.set(key, index);
      return [];
    }
    const what = keys.length === 0 ? "is the same as" : `has the same ${keys.join(" and ")} as`;
    return [{ steps: [...steps, index], message: `${what} item ${earlier}` }];
  });
}
function keyOf(item, keys) {
  const map = item ?? {};
  return keys.map((key) => canonical(map[key])).join(",");
}
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(",")}}`;
}

// src/crds/stored/embedded.ts
var API_VERSION = /^[^/\s]+(?:\/[^/\s]+)?$/;
var KIND = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/i;
function embeddedResourceChecker(schema2) {
  const plan = planFor(
    schema2,
    (part, path) => path !== "" && part["x-kubernetes-embedded-resource"] ? true : void 0
  );
  if (plan === void 0) return () => [];
  return (resource) => {
    const found = [];
    follow(plan, resource, (_, value, steps) => {
      if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        found.push(...problemsOf(value).map(([field, message]) => ({ steps: [...steps, field], message })));
      }
    });
    return found;
  };
}
function problemsOf({ apiVersion, kind, metadata }) {
  const problems = [];
  const checkText = (field, value, pattern) => {
    if (value === void 0) problems.push([field, "required field is missing"]);
    else if (typeof value !== "string" || !pattern.test(value)) problems.push([field, `is not a valid ${field}`]);
  };
  checkText("apiVersion", apiVersion, API_VERSION);
  checkText("kind", kind, KIND);
  if (metadata !== void 0 && (typeof metadata !== "object" || metadata === null || Array.isArray(metadata))) {
    problems.push(["metadata", "is not a map"]);
  }
  return problems;
}

// src/crds/stored/place.ts
function placeOf(steps, resourceSchema) {
  let path = "";
  let comparedPart = "";
  let comparable = true;
  let schema2 = resourceSchema;
  for (const step of steps) {
    const within = partOf(schema2, step);
    const known = typeof step === "string" || schema2?.["x-kubernetes-list-type"] === "map";
    path = typeof step === "number" || isMapKey(schema2, step) ? `${path}[${step}]` : join(path, step);
    comparable &&= within !== void 0 && known;
    if (comparable) comparedPart = path;
    schema2 = within;
  }
  return { path, comparedPart };
}
function partOf(schema2, step) {
  if (schema2 === void 0) return void 0;
  if (typeof step === "number") return schema2.items;
  const { properties, additionalProperties } = schema2;
  if (properties !== void 0 && Object.hasOwn(properties, step)) return properties[step];
  return typeof additionalProperties === "object" ? additionalProperties : void 0;
}
function isMapKey(schema2, key) {
  if (!schema2?.additionalProperties) return false;
  return schema2.properties === void 0 || !Object.hasOwn(schema2.properties, key);
}
function join(path, field) {
  return path === "" ? field : `${path}.${field}`;
}

// src/crds/stored/read-as.ts
var ANYTHING = emptyShape(true);
var NO_FIELDS = emptyShape(false);
var RESOURCE_FIELDS = /* @__PURE__ */ new Set(["apiVersion", "kind", "metadata"]);
function readerFor(schema2, keepUnknown) {
  const shape = { ...shapeOf(schema2, false), resource: true };
  return (resource) => {
    const dropped2 = [];
    const value = readMap(resource, shape, keepUnknown ? void 0 : { steps: [], dropped: dropped2 });
    return { value, dropped: dropped2 };
  };
}
function read(value, shape, track) {
  if (shape === ANYTHING || typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? readList(value, shape, track) : readMap(value, shape, track);
}
function readList(list, { items }, track) {
  return list.map((item, index) => {
    const given = item === null && !items.nullable ? items.default ?? null : item;
    return readPart(given, items, index, track);
  });
}
function readMap(map, shape, track) {
  const result = /* @__PURE__ */ Object.create(null);
  for (const key of Object.keys(map)) {
    const value = map[key];
    const part = shape.fields.get(key) ?? shape.values;
    if (shape.resource && RESOURCE_FIELDS.has(key)) {
      result[key] = value;
    } else if (part !== void 0) {
      if (value !== null || part.nullable) result[key] = readPart(value, part, key, track);
      else if (part.default !== void 0) result[key] = read(part.default, part, void 0);
    } else if (shape.keeps || track === void 0) {
      result[key] = value;
    } else {
      track.dropped.push([...track.steps, key]);
    }
  }
  for (const [name, part] of shape.defaults) {
    if (result[name] === void 0) result[name] = read(part.default, part, void 0);
  }
  return result;
}
function readPart(value, shape, step, track) {
  if (track === void 0 || typeof value !== "object") return read(value, shape, track);
  track.steps.push(step);
  const result = read(value, shape, track);
  track.steps.pop();
  return result;
}
function shapeOf(schema2, inKept) {
  const { properties = {}, additionalProperties, items } = schema2;
  const keeps = inKept || schema2["x-kubernetes-preserve-unknown-fields"] === true;
  const fields = new Map(Object.entries(properties).map(([name, property]) => [name, shapeOf(property, false)]));
  return {
    keeps,
    resource: schema2["x-kubernetes-embedded-resource"] === true,
    nullable: schema2.nullable === true,
    default: schema2.default,
    fields,
    defaults: [...fields].filter(([, { default: value }]) => value !== void 0),
    values: valuesShape(additionalProperties),
    items: items === void 0 ? keeps ? ANYTHING : NO_FIELDS : shapeOf(items, keeps)
  };
}
function valuesShape(additionalProperties) {
  if (additionalProperties === true) return NO_FIELDS;
  return typeof additionalProperties === "object" ? shapeOf(additionalProperties, false) : void 0;
}
function emptyShape(keeps) {
  const shape = { keeps, resource: false, nullable: true, default: void 0, fields: /* @__PURE__ */ new Map(), defaults: [] };
  const complete = { ...shape, values: void 0 };
  complete.items = complete;
  return complete;
}

// src/crds/stored/cel-value.ts
var RESERVED = /* @__PURE__ */ new Set([
  ...[
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let"
  ],
  ...["loop", "package", "namespace", "return", "var", "void", "while"]
]);
function celValue(value, schema2) {
  if (typeof value === "number") return Number.isInteger(value) && schema2?.type !== "number" ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema2?.items));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => {
    const isField = schema2?.properties !== void 0 && Object.hasOwn(schema2.properties, key);
    return [isField ? escapeName(key) : key, celValue(part, partOf(schema2, key))];
  });
  return Object.fromEntries(entries);
}
function escapeName(name) {
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll("-", "__dash__").replaceAll("/", "__slash__");
}

// src/crds/stored/rules.ts
var ERRORS_OF_THE_VALUE = /* @__PURE__ */ new Set([
  ...[
    "no_such_key",
    "index_out_of_range",
    "index_out_of_bounds",
    "division_by_zero",
    "modulo_by_zero",
    "numeric_overflow"
  ],
  ...["int_conversion_error", "uint_conversion_error", "double_conversion_error", "bool_conversion_error"],
  ...["invalid_timestamp", "invalid_duration", "optional_value_missing"]
]);
async function ruleChecker(schema2, unchecked) {
  if (planFor(schema2, (part) => hasRules(part) || void 0) === void 0) return () => [];
  const { Environment } = await import("@marcbachmann/cel-js");
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false }).registerVariable("self", "dyn").registerVariable("oldSelf", "dyn");
  const plan = planFor(schema2, (part, path) => {
    const rules = compileRules(part, path, environment, unchecked);
    return rules.length === 0 ? void 0 : { rules, part };
  });
  if (plan === void 0) return () => [];
  const given = /* @__PURE__ */ new Set();
  const giveUp = (rule2, why) => {
    if (!given.has(rule2)) unchecked.push({ path: rule2.path, kind: "rule", text: rule2.rule.rule, why });
    given.add(rule2);
  };
  return (resource) => {
    const broken = [];
    follow(plan, resource, ({ rules, part }, value, steps) => {
      if (value === null) return;
      const self = celValue(value, part);
      for (const rule2 of rules) {
        const found = evaluate(rule2, self, giveUp);
        if (found !== void 0) broken.push({ ...found, steps: [...steps] });
      }
    });
    return broken;
  };
}
function hasRules(schema2) {
  return schema2["x-kubernetes-validations"] !== void 0 || nestedRules(schema2).length > 0;
}
function compileRules(schema2, path, environment, unchecked) {
  const leaveOut = (text, why) => void unchecked.push({ path, kind: "rule", text, why });
  for (const { rule: rule2 } of nestedRules(schema2)) leaveOut(rule2, "it is inside allOf");
  return (schema2["x-kubernetes-validations"] ?? []).flatMap((rule2) => {
    try {
      const parsed = environment.parse(rule2.rule);
      if (uses(parsed.ast, (node) => node.op === "id" && node.args === "oldSelf")) return [];
      if (uses(parsed.ast, isMatch)) {
        leaveOut(rule2.rule, "it uses matches()");
        return [];
      }
      const checked = parsed.check();
      if (checked.valid) return [{ rule: rule2, path, evaluate: (self) => parsed({ self }) }];
      leaveOut(rule2.rule, firstLine(checked.error));
    } catch (error) {
      leaveOut(rule2.rule, firstLine(error));
    }
    return [];
  });
}
function nestedRules({ allOf = [] }) {
  return allOf.flatMap((part) => [
    ...part["x-kubernetes-validations"] ?? [],
    ...nestedRules(part),
    ...Object.values(part.properties ?? {}).flatMap((property) => nestedRules({ allOf: [property] }))
  ]);
}
function evaluate(compiled, self, giveUp) {
  const { message, rule: rule2, fieldPath = "" } = compiled.rule;
  const text = (message ?? `does not fulfil the rule ${rule2}`).trim();
  try {
    return compiled.evaluate(self) === true ? void 0 : { fieldPath, message: text, failed: false };
  } catch (error) {
    const { code } = error;
    if (code !== void 0 && ERRORS_OF_THE_VALUE.has(code)) {
      return { fieldPath, message: `${text} (the rule fails: ${code.replaceAll("_", " ")})`, failed: true };
    }
    giveUp(compiled, firstLine(error));
    return void 0;
  }
}
function isMatch({ op, args }) {
  return (op === "rcall" || op === "call") && Array.isArray(args) && args[0] === "matches";
}
function uses(node, test) {
  if (Array.isArray(node)) return node.some((part) => uses(part, test));
  if (typeof node !== "object" || node === null || !("op" in node)) return false;
  return test(node) || uses(node.args, test);
}
function firstLine(error) {
  return error instanceof Error ? error.message.split("\n")[0] : String(error);
}

// src/crds/stored/scale.ts
var MOST_REPLICAS = 2 ** 31 - 1;
function scaleProblems(resource, scale) {
  if (scale === void 0) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const problems = [specReplicasPath, statusReplicasPath].flatMap((path) => {
    const message = replicasProblem(valueAt(resource, path));
    return message === void 0 ? [] : [{ path: withoutDot(path), message }];
  });
  if (labelSelectorPath !== void 0) {
    const selector = valueAt(resource, labelSelectorPath);
    if (selector !== void 0 && typeof selector !== "string") {
      problems.push({ path: withoutDot(labelSelectorPath), message: "is not a text" });
    }
  }
  return problems;
}
function replicasProblem(value) {
  if (value === void 0) return void 0;
  if (!Number.isInteger(value)) return "is not an integer";
  const replicas = value;
  return replicas < 0 || replicas > MOST_REPLICAS ? `${replicas} is not between 0 and ${MOST_REPLICAS}` : void 0;
}
function valueAt(resource, path) {
  return withoutDot(path).split(".").reduce((value, field) => {
    return typeof value === "object" && value !== null ? value[field] : void 0;
  }, resource);
}
function withoutDot(path) {
  return path.replace(/^\./, "");
}

// src/crds/stored/check.ts
async function createResourceCheck(crd2, version) {
  const { name, spec } = readCrd(crd2);
  const wanted = spec.versions.find((each) => each.name === version);
  if (wanted === void 0) {
    throw new KthenaError("bundle", `CustomResourceDefinition/${name} has no version ${version}`, {
      hint: `Its versions are ${spec.versions.map((each) => each.name).join(", ")}: resources can be checked in one of these.`
    });
  }
  const schema2 = schemaOf(wanted);
  const unchecked = [];
  const read2 = readerFor(schema2, spec.preserveUnknownFields);
  const violations = await schemaChecker(schema2, unchecked);
  const brokenRules = await ruleChecker(schema2, unchecked);
  const duplicates = duplicateFinder(schema2);
  const embedded = embeddedResourceChecker(schema2);
  const check2 = (resource) => {
    const { value, dropped: dropped2 } = read2(resource);
    return [
      ...dropped2.map((steps) => droppedField(steps, schema2)),
      ...violations(value).map(({ steps, judged, message }) => invalid(steps, judged, message, schema2)),
      ...duplicates(value).map(({ steps, message }) => unforgiven(placeOf(steps, schema2).path, message, true)),
      ...embedded(value).map(({ steps, message }) => unforgiven(placeOf(steps, schema2).path, message, false)),
      ...scaleProblems(value, wanted.subresources?.scale).map(({ path, message }) => unforgiven(path, message, false)),
      ...brokenRules(value).map(({ steps, fieldPath, message, failed }) => {
        const problem = invalid(steps, steps, message, schema2);
        const path = `${problem.path}${fieldPath}`;
        return failed ? unforgiven(path, message, false) : { ...problem, path };
      })
    ].sort(byPath);
  };
  return Object.assign(check2, { unchecked });
}
function droppedField(steps, schema2) {
  return { path: placeOf(steps, schema2).path, problem: "dropped", message: "unknown field", ratchets: false };
}
function invalid(steps, judged, message, schema2) {
  const { comparedPart } = placeOf(judged, schema2);
  const problem = { path: placeOf(steps, schema2).path, problem: "invalid", message };
  return comparedPart === "" ? { ...problem, ratchets: false } : { ...problem, ratchets: true, unchangedPart: comparedPart };
}
function unforgiven(path, message, ratchets) {
  return { path, problem: "invalid", message, ratchets };
}
var collator = new Intl.Collator("en", { numeric: true });
function byPath(a, b) {
  return collator.compare(a.path, b.path);
}

// test/fixtures/crds/history.ts
import { readdirSync, readFileSync } from "node:fs";
import { join as join2 } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";
var RELEASES = ["0.2", "0.3", "0.4", "1.0", "main"];
var WORKLOAD = "workload.serving.volcano.sh";
var NETWORKING = "networking.serving.volcano.sh";
function crdsOf(release) {
  const crds = structuredClone(bundled());
  if (release === "main") toMain(crds);
  const backwards = [to0_4, to0_3, to0_2];
  const steps = RELEASES.indexOf("1.0") - RELEASES.indexOf(release);
  for (const step of backwards.slice(0, Math.max(0, steps))) step(crds);
  return Object.values(crds);
}
function crdOf(release, kind) {
  const found = crdsOf(release).find((crd2) => crd2.spec.names.kind === kind);
  if (found === void 0) throw new Error(`${release} has no CRD for ${kind}`);
  return found;
}
var cache;
function bundled() {
  const folder = fileURLToPath(new URL("../crds", import.meta.url));
  cache ??= byKind(
    readdirSync(folder).filter((file) => file.endsWith(".yaml")).map((file) => load(readFileSync(join2(folder, file), "utf8")))
  );
  return cache;
}
function byKind(crds) {
  return Object.fromEntries(crds.map((crd2) => [crd2.spec.names.kind, crd2]));
}
function toMain(crds) {
  crds["ExternalModelProvider"] = simpleCrd(NETWORKING, "ExternalModelProvider", "externalmodelproviders", {
    type: "object",
    required: ["baseURL"],
    properties: { baseURL: { type: "string", format: "uri" }, model: { type: "string" } }
  });
  schemaAt(crds["ModelServer"], "spec").required.push("workloadPort");
  const targets = ["homogeneousTarget.target", "heterogeneousTarget.params[].target", "disaggregatedTarget.roles{}"];
  for (const target of targets) {
    const pod = schemaAt(crds["AutoscalingPolicy"], `spec.${target}.metricSources{}.pod`);
    Object.assign(pod.properties["port"], { minimum: 1, maximum: 65535 });
    Object.assign(pod.properties["uri"], { pattern: "^/" });
  }
}
function to0_4(crds) {
  const metric = schemaAt(crds["AutoscalingPolicy"], "spec.metrics[]");
  const { name, ...others } = metric.properties;
  metric.properties = { metricName: name, ...others };
  metric.required = ["metricName", "targetValue"];
  const booster2 = schemaAt(crds["ModelBooster"], "spec");
  booster2.properties["autoscalingPolicy"] = {
    type: "object",
    properties: { metrics: { type: "array", items: structuredClone(metric) }, tolerancePercent: { type: "integer" } }
  };
  const backend2 = schemaAt(crds["ModelBooster"], "spec.backend");
  const { replicas, ...rest } = backend2.properties;
  backend2.properties = { ...rest, minReplicas: replicas, maxReplicas: structuredClone(replicas) };
  backend2.required = ["maxReplicas", "minReplicas", "modelURI", "name", "type", "workers"];
  const reference = { type: "object", required: ["name"], properties: { name: { type: "string" } } };
  crds["AutoscalingPolicyBinding"] = simpleCrd(WORKLOAD, "AutoscalingPolicyBinding", "autoscalingpolicybindings", {
    type: "object",
    required: ["policyRef", "targetRef"],
    properties: { policyRef: reference, targetRef: structuredClone(reference) }
  });
}
function to0_3(crds) {
  delete schemaAt(crds["ModelRoute"], "spec.rules[].targetModels")["minItems"];
  const strategy = schemaAt(crds["ModelServing"], "spec.rolloutStrategy");
  strategy.properties["type"].enum = ["ServingGroupRollingUpdate"];
  const update = strategy.properties["rollingUpdateConfiguration"];
  update.properties["partition"] = { type: "integer", format: "int32" };
}
function to0_2(crds) {
  const update = schemaAt(crds["ModelServing"], "spec.rolloutStrategy.rollingUpdateConfiguration");
  update.properties["maxSurge"] = {
    anyOf: [{ type: "integer" }, { type: "string" }],
    "x-kubernetes-int-or-string": true
  };
}
function schemaAt(crd2, path) {
  let schema2 = crd2.spec.versions[0].schema.openAPIV3Schema;
  for (const step of path.match(/[^.[\]{}]+|\[\]|\{\}/g)) {
    if (step === "[]") schema2 = schema2.items;
    else schema2 = step === "{}" ? schema2.additionalProperties : schema2.properties[step];
  }
  return schema2;
}
function simpleCrd(group, kind, plural, spec) {
  const properties = { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: { type: "object" }, spec };
  const version = { name: "v1alpha1", served: true, storage: true, subresources: { status: {} } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ ...version, schema: { openAPIV3Schema: { type: "object", properties } } }]
    }
  };
}

// test/fixtures/crds/samples.ts
var MISSING = "required field is missing";
var SECRET = "not-for-messages";
var SAMPLES = {
  "0.2": [
    kept(booster0_4("kept")),
    kept(policy0_4("kept")),
    kept(binding("kept")),
    kept(server("kept", { port: 8e3 })),
    kept(route("kept", [rule("main")])),
    kept(serving("kept", { type: "ServingGroupRollingUpdate", rollingUpdateConfiguration: { partition: 1 } })),
    {
      resource: serving("surging", {
        type: "ServingGroupRollingUpdate",
        rollingUpdateConfiguration: { maxSurge: "25%", maxUnavailable: 1 }
      }),
      problems: [dropped("spec.rolloutStrategy.rollingUpdateConfiguration.maxSurge")]
    }
  ],
  "0.3": [
    kept(booster0_4("kept")),
    kept(policy0_4("kept")),
    kept(binding("kept")),
    kept(server("kept", { port: 8e3 })),
    kept(route("kept", [rule("main")])),
    kept(serving("kept", { type: "ServingGroupRollingUpdate", rollingUpdateConfiguration: { partition: 1 } })),
    {
      resource: route("without-targets", [rule("main"), { name: "nowhere", targetModels: [] }]),
      problems: [ratcheting("spec.rules[1].targetModels", "0 items, at least 1 are needed", "spec.rules")]
    }
  ],
  "0.4": [
    kept(server("kept", { port: 8e3 })),
    kept(route("kept", [rule("main")])),
    kept(serving("kept", { type: "RoleRollingUpdate", rollingUpdateConfiguration: { partition: "50%" } })),
    kept(workload("AutoscalingPolicy", "no-metrics", { tolerancePercent: 5 })),
    // Their CRD is gone; nothing is compared.
    kept(binding("orphaned")),
    {
      resource: policy0_4("old-names"),
      problems: [
        dropped("spec.metrics[0].metricName"),
        ratcheting("spec.metrics[0].name", MISSING, "spec.metrics"),
        dropped("spec.metrics[1].metricName"),
        ratcheting("spec.metrics[1].name", MISSING, "spec.metrics")
      ]
    },
    {
      resource: booster0_4("scaled", { autoscalingPolicy: { metrics: [metric0_4("load")], tolerancePercent: 5 } }),
      problems: [
        dropped("spec.autoscalingPolicy"),
        dropped("spec.backend.maxReplicas"),
        dropped("spec.backend.minReplicas"),
        ratcheting("spec.backend.replicas", MISSING, "spec.backend")
      ]
    }
  ],
  "1.0": [
    kept(booster("kept")),
    kept(route("kept", [rule("main")])),
    kept(serving("kept", { type: "RoleRollingUpdate", rollingUpdateConfiguration: { partition: "50%" } })),
    kept(server("kept", { port: 8e3 })),
    kept(policy("kept", { port: 9e3, uri: "/metrics" })),
    kept(policy("defaults", {})),
    { resource: server("portless"), problems: [ratcheting("spec.workloadPort", MISSING, "spec")] },
    {
      resource: policy("bad-source", { port: 7e4, uri: "metrics" }),
      problems: [
        ratchetingAlone("spec.homogeneousTarget.target.metricSources[load].pod.port", "70000 is greater than 65535"),
        ratchetingAlone("spec.homogeneousTarget.target.metricSources[load].pod.uri", "does not match ^/")
      ]
    }
  ],
  main: [
    kept(booster("kept")),
    kept(route("kept", [rule("main")])),
    kept(serving("kept", { type: "RoleRollingUpdate", rollingUpdateConfiguration: { partition: "50%" } })),
    kept(server("kept", { port: 8e3 })),
    kept(policy("kept", { port: 9e3, uri: "/metrics" })),
    kept(networking("ExternalModelProvider", "kept", { baseURL: "https://models.example/v1" }))
  ]
};
function kept(resource) {
  return { resource, problems: [] };
}
function dropped(path) {
  return { path, problem: "dropped", message: "unknown field", ratchets: false };
}
function ratcheting(path, message, unchangedPart) {
  return { path, problem: "invalid", message, ratchets: true, unchangedPart };
}
function ratchetingAlone(path, message) {
  return ratcheting(path, message, path);
}
function workload(kind, name, spec) {
  return { apiVersion: `${WORKLOAD}/v1alpha1`, kind, metadata: { name, namespace: "models" }, spec };
}
function networking(kind, name, spec) {
  return { apiVersion: `${NETWORKING}/v1alpha1`, kind, metadata: { name, namespace: "models" }, spec };
}
function rule(name) {
  return { name, targetModels: [{ modelServerName: "llama", weight: 100 }] };
}
function route(name, rules) {
  return networking("ModelRoute", name, { modelName: `model-${name}`, rules });
}
function server(name, workloadPort) {
  return networking("ModelServer", name, {
    inferenceEngine: "vLLM",
    model: "llama",
    workloadSelector: { matchLabels: { app: name } },
    ...workloadPort === void 0 ? {} : { workloadPort }
  });
}
function metric0_4(metricName) {
  return { metricName, targetValue: "500m" };
}
function policy0_4(name) {
  return workload("AutoscalingPolicy", name, { metrics: [metric0_4("load"), metric0_4("queue")] });
}
function policy(name, pod) {
  const targetRef = { kind: "ModelServing", name: "llama" };
  return workload("AutoscalingPolicy", name, {
    metrics: [{ name: "load", targetValue: 10 }],
    homogeneousTarget: {
      minReplicas: 1,
      maxReplicas: 3,
      target: { targetRef, metricSources: { load: { pod: { name: "requests", ...pod } } } }
    }
  });
}
function binding(name) {
  return workload("AutoscalingPolicyBinding", name, { policyRef: { name: "load" }, targetRef: { name: "llama" } });
}
function backend(replicas) {
  return {
    name: "llama",
    type: "vLLM",
    modelURI: "hf://example/llama",
    env: [{ name: "HF_TOKEN", value: SECRET }],
    workers: [{ type: "server", image: "vllm:1", replicas: 1, pods: 1, config: { "max-model-len": 4096 } }],
    ...replicas
  };
}
function booster0_4(name, parts2 = {}) {
  return workload("ModelBooster", name, { backend: backend({ minReplicas: 1, maxReplicas: 2 }), ...parts2 });
}
function booster(name) {
  return workload("ModelBooster", name, { backend: backend({ replicas: 2 }) });
}
function serving(name, rolloutStrategy) {
  const container = {
    name: "engine",
    image: "vllm:1",
    env: [{ name: "HF_TOKEN", value: SECRET }],
    ports: [{ containerPort: 8e3 }],
    resources: { limits: { cpu: "500m", memory: "1Gi", "nvidia.com/gpu": 1 } }
  };
  const entryTemplate = { metadata: { labels: { app: name } }, spec: { containers: [container] } };
  return workload("ModelServing", name, {
    replicas: 2,
    rolloutStrategy,
    template: { roles: [{ name: "decode", replicas: 1, entryTemplate, workerReplicas: 0 }] }
  });
}

// ../../tmp/prof.ts
var T = async (name, f) => {
  const t = performance.now();
  const r = await f();
  console.log(name, (performance.now() - t).toFixed(0));
  return r;
};
var crd = crdOf("main", "ModelServing");
var schema = crd.spec.versions[0].schema.openAPIV3Schema;
await T("import ajv", () => import("ajv"));
var js = await T("convert", () => jsonSchemaOf(schema));
console.log(JSON.stringify(js).length, Object.keys(js.definitions).length);
await T("checker", () => schemaChecker(schema, []));
await T("rules", () => ruleChecker(schema, []));
await T("checker again", () => schemaChecker(schema, []));
var check = await T("all", () => createResourceCheck(crd, "v1alpha1"));
var sample = SAMPLES["1.0"].find((s) => s.resource.kind === "ModelServing").resource;
await T("20000", () => {
  for (let i = 0; i < 2e4; i++) check(JSON.parse(JSON.stringify(sample)));
});
await T("20000", () => {
  for (let i = 0; i < 2e4; i++) check(JSON.parse(JSON.stringify(sample)));
});
