
// -- what was changed: each of these gives sentences -------------------------------------------------------------------------

const EMPTY_HEAD = "0".repeat(64), MARK_DIGITS = 4;
const alike = (one, two) => canonical(one === undefined ? null : one) === canonical(two === undefined ? null : two);
const namesOf = (one, two) => [...new Set([...Object.keys(one), ...Object.keys(two)])].sort();

function differing(one, two) {
  const said = namesOf(one, two).filter((name) => name !== "header" && !alike(one[name], two[name]));
  const inside = namesOf(one.header, two.header).filter((name) => !alike(one.header[name], two.header[name]));
  return [...said, ...inside.map((name) => "header." + name)].join("、");
}

function entryFaults(entry) {
  const faults = [], name = `第${entry.number}版`;
  for (const [field, said] of [["number", "edition"], ["at", "at"], ["cause", "cause"]])
    if (!alike(entry.header[said], entry[field])) faults.push(`${name}：${field} 与头信息不符`);
  if (headOf(entry) !== entry.head) faults.push(`${name}：链头与前一链头、根、头信息不符，其中至少一项被改过`);
  return faults;
}

function logFaults(entries) {
  const faults = [];
  let number = entries[0].number, previous = number === 1 ? EMPTY_HEAD : entries[0].previous;
  for (const entry of entries) {
    if (entry.number !== number) faults.push(`第${number}版：缺少，后面紧接着第${entry.number}版`);
    if (entry.previous !== previous) faults.push(`第${entry.number}版：没有接在前一版的链头上`);
    faults.push(...entryFaults(entry));
    number = entry.number + 1; previous = entry.head;
  }
  return faults;
}

function partingFaults(known, entries) {
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  for (const old of known) {
    const now = byNumber.get(old.number);
    if (old.number < entries[0].number) continue;
    if (!now) return [`第${old.number}版：留存的日志里有，现在没有了`];
    if (!alike(now, old)) return [`第${old.number}版：从这一版起与留存的日志不同（${differing(old, now)}）`];
  }
  return [];
}

class Trust {
  constructor(given, rows, signers, witnesses) {
    this.given = given; this.witnesses = witnesses; this.ends = new Map();
    rows.slice(1).forEach((row, i) => this.ends.set(identity(rows[i].key), row.size));
    const keys = new Map([...rows.map((row) => row.key), ...signers].map((key) => [identity(key), key]));
    this.keys = [...keys.values()].filter((key) => !given.length || given.includes(fingerprint(key)));
    for (const row of rows) if (!this.has(row.key) && this.isEndorsed(row)) this.keys.push(row.key);
  }
  has(key) { return this.keys.some((one) => identity(one) === identity(key)); }
  isEndorsed(row) { return row.note && row.note.text === row.said && this.keys.some((key) => this.good(row.note, key)); }
  good(note, key) { const found = signedBy(note, key); return found.length > 0 && found.every((one) => one.isGood); }
}

function noteFaults(note, trust, heads) {
  const faults = [], name = `检查点（到第${note.size}版）`;
  const signing = trust.keys.filter((key) => trust.good(note, key));
  const isOver = (key) => trust.ends.has(identity(key)) && note.size > trust.ends.get(identity(key));
  if (!signing.length) faults.push(`${name}：没有已核对的公钥的有效签名`);
  else if (signing.every(isOver)) faults.push(`${name}：用已经停用的公钥签名`);
  for (const witness of trust.witnesses)
    if (signedBy(note, witness).length && !trust.good(note, witness)) faults.push(`${name}：见证方 ${witness.name} 的签名是假的`);
  if (heads.length && note.size > heads.length) faults.push(`${name}：日志只有${heads.length}版`);
  else if (heads.length && treeRoot(heads.slice(0, note.size)) !== note.root)
    faults.push(`${name}：与日志前${note.size}版的根不同，其中有一版被改写过`);
  return faults;
}

function forkFaults(notes) {
  const roots = new Map(), faults = [];
  for (const note of notes) {
    const name = note.origin + "\n" + note.size;
    if (!roots.has(name)) roots.set(name, note.root);
    if (roots.get(name) !== note.root) faults.push(`检查点（到第${note.size}版）：有两份，根不同，日志分了岔`);
  }
  return faults;
}

function proofFaults(proof, files) {
  const faults = [], edition = proof.edition, name = `${proof.key}（第${edition.number}版）`, hashes = { ...proof.redacted };
  for (const [field, [value, salt, mark]] of Object.entries(proof.fields)) {
    hashes[field] = fieldHash(field, value, salt);
    if (hashes[field].slice(0, MARK_DIGITS) !== mark) faults.push(`${name}：字段 ${field} 被改过`);
  }
  if (rowDigest(proof.key, hashes, proof.schema) !== proof.digest) faults.push(`${name}：行摘要与键、各字段不符`);
  if (!leadsTo(proof.digest, proof.index, proof.size, proof.path, edition.root)) faults.push(`${name}：行摘要不在这一版的根里`);
  faults.push(...entryFaults(edition));
  if (proof.log) {
    const logged = logProofOf(proof.log), index = edition.number - 1;
    if (logged.index !== index || !leadsTo(edition.head, index, logged.note.size, logged.path, logged.note.root))
      faults.push(`${name}：这一版的链头不在检查点里`);
    faults.push(...noteFaults(logged.note, files.trust, files.heads));
  }
  if (!files.entries.size) return faults;
  const said = files.entries.get(edition.number);
  if (!said) faults.push(`第${edition.number}版：日志里没有，不能核对`);
  else if (!alike(said, edition)) faults.push(`第${edition.number}版：与日志不同（${differing(said, edition)}）`);
  const lawful = [...files.entries.values()].filter((entry) => entry.cause === "redaction").flatMap((entry) => entry.header.redacted);
  for (const field of Object.keys(proof.redacted))
    if (!lawful.some((pair) => alike(pair, [proof.key, field])))
      faults.push(`${proof.key}：字段 ${field} 说是已依法隐去，日志里没有这一次`);
  return faults;
}

function fits(line, field, value) {
  const isEmpty = !value || (Array.isArray(value) && !value.length);
  if (line.redacted.includes(field)) return isEmpty && !(field in line.salts);
  return field in line.hashes ? fieldHash(field, value, line.salts[field]) === line.hashes[field] : isEmpty;
}

function batchFaults(lines, entries) {
  const faults = [];
  for (const line of lines) {
    for (const [field, value] of Object.entries(line.values))
      if (!fits(line, field, value)) faults.push(`${line.key}：字段 ${field} 被改过`);
    if (rowDigest(line.key, line.hashes) !== line.digest) faults.push(`${line.key}：行摘要与键、各字段不符`);
  }
  const root = treeRoot(lines.map((line) => line.digest));
  if (entries.size && ![...entries.values()].some((entry) => entry.root === root))
    faults.push(`批次文件：日志里没有哪一版的根是 ${root}`);
  return faults;
}

// -- files -------------------------------------------------------------------------------------------------------------------

function namesIn(value) {
  if (Array.isArray(value)) return value.reduce((sum, one) => sum + namesIn(one), 0);
  return isObject(value) ? Object.values(value).reduce((sum, one) => sum + 1 + namesIn(one), 0) : 0;
}

function parsed(line) {
  const value = JSON.parse(line);
  const written = [...line.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter((found) => found[1]).length;
  if (written !== namesIn(value)) throw new Unreadable("同一个名称写了两次");
  return value;
}

function keyRow(row) {
  const key = keyOf(row.key), encoded = row.key.split("+").slice(2).join("+");
  const [text, signatures] = row.endorsement ? parted(row.endorsement, "原钥匙的签署写得不对") : ["", []];
  return { key, size: row.size, note: row.endorsement ? { text, signatures } : null, said: `${key.name}\nsuccessor ${encoded}\nfrom ${row.size}\n` };
}

const KINDS = [["proof", "path"], ["log", "head"], ["batch", "hashes"], ["keys", "fingerprint"]];

function understood(text) {
  if (!text.startsWith("{") && text.slice(0, 20000).includes("\n\n\u2014 ")) return { kind: "note", rows: [noteOf(text)] };
  const rows = text.split("\n").filter((line) => line.trim()).map(parsed);
  for (const [kind, mark] of KINDS)
    if (rows.length && rows.every((row) => isObject(row) && mark in row)) return { kind, rows: kind === "keys" ? rows.map(keyRow) : rows };
  throw new Unreadable("不是本站的证明、批次文件、检查点、公钥或日志");
}

function asFingerprint(text) {
  const found = text.includes("+") ? fingerprint(keyOf(text)) : text.replace(/\s/g, "").toLowerCase();
  if (found.length !== 64) throw new Unreadable("指纹应有 64 位：" + text);
  return found;
}

class Files {
  constructor(given, known, keys, witnesses, paper) {
    const both = [...given, ...known], of = (files, kind) => files.filter((file) => file.kind === kind).flatMap((file) => file.rows);
    Object.assign(this, { given, known, paper, proofs: of(both, "proof") });
    this.entries = new Map(of(both, "log").map((entry) => [entry.number, entry]));
    const log = given.find((file) => file.kind === "log");
    this.heads = log && log.rows[0].number === 1 ? log.rows.map((entry) => entry.head) : [];
    this.knownEntries = [...of(known, "log"), ...of(known, "proof").map((proof) => proof.edition)].sort((one, two) => one.number - two.number);
    const signers = this.proofs.filter((proof) => proof.signer).map((proof) => keyOf(proof.signer));
    const whole = keys.filter((one) => one.includes("+")).map(keyOf);
    this.trust = new Trust(keys.map(asFingerprint), of(both, "keys"), [...whole, ...signers], witnesses.map(keyOf));
    this.notes = [...of(both, "note"), ...this.proofs.filter((proof) => proof.log).map((proof) => logProofOf(proof.log).note)];
  }
  faults({ kind, rows }, isKnown) {
    if (kind === "batch") return batchFaults(rows, this.entries);
    if (kind === "note") return rows.flatMap((note) => noteFaults(note, this.trust, this.heads));
    if (kind === "proof") return rows.flatMap((proof) => proofFaults(proof, this));
    if (kind !== "log") return [];
    return [...logFaults(rows), ...(isKnown ? [] : [...partingFaults(this.knownEntries, rows), ...this.paperFaults(rows)])];
  }
  paperFaults(rows) {
    const byNumber = new Map(rows.map((entry) => [entry.number, entry.head]));
    return this.paper.flatMap(([number, head]) => {
      if (!byNumber.has(number)) return [`第${number}版：纸面上有，日志里没有`];
      return byNumber.get(number) === head ? [] : [`第${number}版：链头与纸面不同`];
    });
  }
  between() {
    const faults = forkFaults(this.notes), told = new Map();
    for (const { edition } of this.proofs) {
      if (!told.has(edition.number)) told.set(edition.number, edition);
      const first = told.get(edition.number);
      if (!alike(first, edition)) faults.push(`第${edition.number}版：两份证明说的不同（${differing(first, edition)}）`);
    }
    return this.heads.length ? faults : [...faults, ...this.paperFaults([...told.values()])];
  }
}

function toldOfNote(note, trust) {
  const lines = [`${note.origin} 到第${note.size}版，根 ${note.root}`];
  for (const key of trust.keys) if (trust.good(note, key)) lines.push(`    签名 ${key.name} 指纹 ${fingerprint(key)}`);
  for (const key of trust.witnesses)
    if (trust.good(note, key)) lines.push(`    见证 ${key.name} ${new Date(1000 * Math.max(...signedBy(note, key).map((one) => one.at))).toISOString()}`);
  return lines;
}

function told({ kind, rows }, trust) {
  if (kind === "log") return [`第${rows[0].number}版至第${rows[rows.length - 1].number}版，链头 ${rows[rows.length - 1].head}`];
  if (kind === "batch") return [`${rows.length} 行`];
  if (kind === "keys") return [`${rows.length} 把公钥，其中 ${rows.filter((row) => trust.has(row.key)).length} 把可信`];
  if (kind === "note") return rows.flatMap((note) => toldOfNote(note, trust));
  return rows.flatMap((proof) => [
    `${proof.key} 于 ${proof.edition.at} 在第${proof.edition.number}版公布，链头 ${proof.edition.head}`,
    ...Object.entries(proof.fields).map(([field, said]) => `    ${field}: ${JSON.stringify(said[0])}`),
    ...Object.keys(proof.redacted).map((field) => `    ${field}: （已依法隐去）`),
    ...(proof.log ? toldOfNote(logProofOf(proof.log).note, trust) : []),
  ]);
}

// -- the page ----------------------------------------------------------------------------------------------------------------

const place = (name) => document.getElementById(name);
const written = (name) => place(name).value.split("\n").map((line) => line.trim()).filter(Boolean);

async function read(files) {
  return Promise.all(Array.from(files, async (file) => {
    try {
      return { name: file.name, ...understood(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer())) };
    } catch (error) { throw new Unreadable(`${file.name}：${error.message}`); }
  }));
}

function say(code, lines) {
  place("result").replaceChildren(...lines.map(([css, text]) => Object.assign(document.createElement("pre"), { className: css, textContent: text })));
  place("result").dataset.code = code;
}

async function check() {
  const paper = written("heads").map((line) => [Number(line.split(":")[0]), line.slice(line.indexOf(":") + 1).replace(/\s/g, "").toLowerCase()]);
  const copy = copyOf(place("folder").files), ofCopy = LOG_OF_COPY.filter((name) => copy.has(name)).map((name) => copy.get(name));
  const files = new Files(await read([...place("files").files, ...ofCopy]), await read(place("known").files), written("keys"), written("witnesses"), paper);
  const lines = [];
  for (const [some, isKnown] of [[files.given, false], [files.known, true]])
    for (const file of some) {
      const faults = files.faults(file, isKnown);
      lines.push(...faults.map((fault) => ["bad", `不符 ${file.name} ${fault}`]));
      if (!faults.length) lines.push(["good", `相符 ${file.name} ${told(file, files.trust).join("\n")}`]);
    }
  lines.push(...files.between().map((fault) => ["bad", `不符 各文件之间 ${fault}`]));
  if (copy.size) {
    const { faults, words } = await copyFaults(copy, files.trust, files.entries);
    lines.push(...faults.map((fault) => ["bad", `不符 副本 ${fault}`]));
    if (!faults.length) lines.push(["good", `相符 副本 ${words}`]);
  }
  const code = lines.some(([css]) => css === "bad") ? 1 : 0;
  if (!files.entries.size) lines.push(["note", "注意：没有给日志，只核对了文件自身。请取 editions.jsonl 一并核对。"]);
  if (files.notes.length && !files.trust.given.length) lines.push(["note", "注意：没有给公钥指纹。请把上面的指纹与打印件或「如何辨认本站」上的对照。"]);
  say(code, lines);
}

place("check").addEventListener("click", () => {
  check().catch((error) => say(2, [["bad", `读不懂：${error instanceof Unreadable ? error.message : "内容残缺（" + error.message + "）"}`]]));
});
