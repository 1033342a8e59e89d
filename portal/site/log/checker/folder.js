
// -- a copy of the whole site: each file against the manifest, the manifest against its signature ----------------------------

function copyNoteOf(text) {
  const gap = text.lastIndexOf("\n\n"), said = text.slice(0, gap + 1), signed = text.slice(gap + 2);
  if (gap < 0 || !signed.endsWith("\n") || said.split("\n").length !== 5) throw new Unreadable("manifest.note 写得不对");
  return { text: said, lines: said.split("\n"), signatures: signed.slice(0, -1).split("\n").map(signatureOf) };
}

function copyNoteFaults(text, said, digest, trust) {
  if (text === undefined) return ["没有签名（manifest.note），看不出是谁做的"];
  const note = copyNoteOf(text), faults = [];
  const wanted = [`edition ${said.edition}`, `day ${said.day}`, `manifest ${digest}`];
  if (!wanted.every((line, at) => note.lines[at + 1] === line)) faults.push("manifest.note：签的是另一份清单");
  const signing = trust.keys.filter((key) => trust.good(note, key) && note.lines[0] === `${key.name}/mirror`);
  if (!signing.length) faults.push("manifest.note：没有已核对的公钥的有效签名");
  else if (signing.every((key) => trust.ends.has(identity(key)) && said.edition > trust.ends.get(identity(key)))) faults.push("manifest.note：用已经停用的公钥签名");
  return faults;
}

const inCopy = (file) => file.webkitRelativePath.slice(file.webkitRelativePath.indexOf("/") + 1);
const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());
const OF_COPY = ["manifest.json", "manifest.note"];
const LOG_OF_COPY = ["log/editions.jsonl", "log/checkpoint", "log/keys.jsonl"];

function copyOf(files) {
  return new Map(Array.from(files, (file) => [inCopy(file), file]));
}

async function copyFaults(copy, trust, entries) {
  if (!copy.has("manifest.json")) throw new Unreadable("文件夹里没有 manifest.json");
  const content = await bytesOf(copy.get("manifest.json")), said = parsed(new TextDecoder().decode(content));
  const faults = copyNoteFaults(await copy.get("manifest.note")?.text(), said, hex(sha256(content)), trust);
  if (entries.get(said.edition)?.head !== said.head) faults.push(`manifest.json：第${said.edition}版的链头与日志不同`);
  for (const name of Object.keys(said.files).sort()) {
    const file = copy.get(name);
    if (!file) faults.push(`${name}：缺少`);
    else if (hex(sha256(await bytesOf(file))) !== said.files[name]) faults.push(`${name}：被改过`);
  }
  for (const name of copy.keys()) if (!Object.hasOwn(said.files, name) && !OF_COPY.includes(name)) faults.push(`${name}：清单里没有`);
  return { faults, words: `${said.site} 第${said.edition}版 ${said.day} 的副本，${Object.keys(said.files).length} 个文件` };
}
