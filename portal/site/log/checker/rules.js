// How hashes, trees, signatures are computed: no library, no network. Hashes are hex, points and scalars BigInt.
"use strict";

class Unreadable extends Error {}

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function unhex(text) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text)) throw new Unreadable("不是散列：" + text);
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

function unbase64(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) throw new Unreadable("base64 写得不对");
  const decoded = atob(text);
  if (btoa(decoded) !== text) throw new Unreadable("base64 写得不对");
  return Uint8Array.from(decoded, (sign) => sign.charCodeAt(0));
}

// -- SHA-2 (FIPS 180-4): the constants are the first bits of the roots of primes ---------------------------------------------

const PRIMES = [];
for (let number = 2; PRIMES.length < 80; number += 1) if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);

function rootBits(prime, degree) {
  const wanted = BigInt(prime) << BigInt(64 * degree);
  let low = 0n, high = 1n << 72n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= wanted) low = middle; else high = middle;
  }
  return low & ((1n << 64n) - 1n);
}

const K512 = PRIMES.map((prime) => rootBits(prime, 3));
const H512 = PRIMES.slice(0, 8).map((prime) => rootBits(prime, 2));
const K256 = K512.slice(0, 64).map((bits) => Number(bits >> 32n));
const H256 = H512.map((bits) => Number(bits >> 32n));

function padded(message, block, lengthBytes) {
  const size = Math.ceil((message.length + 1 + lengthBytes) / block) * block;
  const whole = new Uint8Array(size);
  whole.set(message);
  whole[message.length] = 0x80;
  new DataView(whole.buffer).setBigUint64(size - 8, BigInt(message.length) * 8n);
  return new DataView(whole.buffer);
}

const turned = (word, by) => (word >>> by) | (word << (32 - by));

function sha256(message) {
  const data = padded(message, 64, 8), state = Int32Array.from(H256), words = new Int32Array(64);
  for (let at = 0; at < data.byteLength; at += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = data.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const early = words[i - 15], late = words[i - 2];
      const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words[i] = words[i - 16] + s0 + words[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const first = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + K256[i] + words[i];
      const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(4 * i, word));
  return new Uint8Array(out.buffer);
}

const MASK = (1n << 64n) - 1n;
const turned64 = (word, by) => (word >> by) | ((word << (64n - by)) & MASK);

function sha512(message) {
  const data = padded(message, 128, 16), state = [...H512], words = [];
  for (let at = 0; at < data.byteLength; at += 128) {
    for (let i = 0; i < 16; i += 1) words[i] = data.getBigUint64(at + 8 * i);
    for (let i = 16; i < 80; i += 1) {
      const early = words[i - 15], late = words[i - 2];
      const s0 = turned64(early, 1n) ^ turned64(early, 8n) ^ (early >> 7n);
      const s1 = turned64(late, 19n) ^ turned64(late, 61n) ^ (late >> 6n);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) & MASK;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i += 1) {
      const chosen = (e & f) ^ (~e & MASK & g);
      const first = h + (turned64(e, 14n) ^ turned64(e, 18n) ^ turned64(e, 41n)) + chosen + K512[i] + words[i];
      const second = (turned64(a, 28n) ^ turned64(a, 34n) ^ turned64(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = (d + first) & MASK; d = c; c = b; b = a; a = (first + second) & MASK;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = (state[i] + word) & MASK; });
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setBigUint64(8 * i, word));
  return new Uint8Array(out.buffer);
}

// -- Ed25519 (RFC 8032): points are [x, y, z, x * y / z] ---------------------------------------------------------------------

const PRIME = 2n ** 255n - 19n, ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (number) => ((number % PRIME) + PRIME) % PRIME;

function power(base, exponent) {
  let result = 1n;
  for (base = mod(base); exponent; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * base);
    base = mod(base * base);
  }
  return result;
}

const inverse = (number) => power(number, PRIME - 2n);
const D = mod(-121665n * inverse(121666n)), ROOT = power(2n, (PRIME - 1n) / 4n);
const little = (bytes) => BigInt("0x" + (hex(Uint8Array.from(bytes).reverse()) || "0"));

function added(p, q) {
  const a = mod((p[1] - p[0]) * (q[1] - q[0])), b = mod((p[1] + p[0]) * (q[1] + q[0]));
  const c = mod(2n * p[3] * q[3] * D), d = mod(2n * p[2] * q[2]);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(number, point) {
  let sum = [0n, 1n, 1n, 0n];
  for (; number; number >>= 1n) {
    if (number & 1n) sum = added(sum, point);
    point = added(point, point);
  }
  return sum;
}

function pointOf(number) {
  const sign = number >> 255n, y = number & (2n ** 255n - 1n);
  if (y >= PRIME) return null;
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (PRIME + 3n) / 8n);
  if (mod(x * x - square)) x = mod(x * ROOT);
  if (mod(x * x - square) || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = PRIME - x;
  return [x, y, 1n, mod(x * y)];
}

const BASE = pointOf(mod(4n * inverse(5n)));
const same = (p, q) => !mod(p[0] * q[2] - q[0] * p[2]) && !mod(p[1] * q[2] - q[1] * p[2]);

function isSigned(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = pointOf(little(publicKey)), nonce = pointOf(little(signature.slice(0, 32)));
  const scalar = little(signature.slice(32));
  if (!key || !nonce || scalar >= ORDER) return false;
  const digest = little(sha512(joined(signature.slice(0, 32), publicKey, message))) % ORDER;
  return same(times(scalar, BASE), added(nonce, times(digest, key)));
}

// -- rows, trees, heads --------------------------------------------------------------------------------------------------

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (!isObject(value)) return JSON.stringify(value);
  return "{" + Object.keys(value).sort().map((name) => JSON.stringify(name) + ":" + canonical(value[name])).join(",") + "}";
}

const fieldHash = (field, value, salt) => hex(sha256(joined(unhex(salt), utf8(canonical([field, value])))));
const rowDigest = (key, hashes, schema = 1) => hex(sha256(utf8(canonical({ hashes, key, schema }))));
const leafHash = (digest) => sha256(joined([0], unhex(digest)));
const nodeHash = (left, right) => sha256(joined([1], left, right));
const headOf = (entry) => hex(sha256(joined(unhex(entry.previous), unhex(entry.root), utf8(canonical(entry.header)))));

function treeRoot(digests) {
  let level = digests.map(leafHash);
  if (!level.length) return hex(sha256(new Uint8Array()));
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i < level.length; i += 2) above.push(i + 1 < level.length ? nodeHash(level[i], level[i + 1]) : level[i]);
    level = above;
  }
  return hex(level[0]);
}

function leadsTo(digest, index, size, path, root) {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let node = leafHash(digest), last = size - 1;
  for (const neighbour of path.map(unhex)) {
    if (last === 0) return false;
    if (index % 2 || index === last) {
      node = nodeHash(neighbour, node);
      while (index % 2 === 0 && index) { index /= 2; last = Math.floor(last / 2); }
    } else node = nodeHash(node, neighbour);
    index = Math.floor(index / 2); last = Math.floor(last / 2);
  }
  return last === 0 && hex(node) === root;
}

// -- keys and notes --------------------------------------------------------------------------------------------------------

const SIGNATURE_BYTES = { 1: 64, 4: 72 };
const fingerprint = (key) => hex(sha256(key.publicKey));
const identity = (key) => key.name + "+" + key.id;

function keyOf(text) {
  const [name, said, ...rest] = text.split("+"), data = unbase64(rest.join("+"));
  const id = hex(sha256(joined(utf8(name + "\n"), data))).slice(0, 8);
  if (!name || data.length !== 33 || !(data[0] in SIGNATURE_BYTES) || id !== said) throw new Unreadable("不是公钥：" + text);
  return { name, id, kind: data[0], publicKey: data.slice(1) };
}

function parted(text, words) {
  const at = text.lastIndexOf("\n\n");
  if (at < 0 || !text.endsWith("\n")) throw new Unreadable(words);
  return [text.slice(0, at + 1), text.slice(at + 2, -1).split("\n").map(signatureOf)];
}

function signatureOf(line) {
  const [dash, name, encoded] = line.split(" "), data = unbase64(encoded);
  if (dash !== "\u2014" || !name || data.length < 5) throw new Unreadable("检查点的签名写得不对");
  return { name, id: hex(data.slice(0, 4)), data: data.slice(4) };
}

function noteOf(text) {
  const [said, signatures] = parted(text, "不是检查点"), lines = said.split("\n");
  if (lines.length !== 4 || !/^[0-9]+$/.test(lines[1])) throw new Unreadable("不是检查点");
  return { text: said, origin: lines[0], size: Number(lines[1]), root: hex(unbase64(lines[2])), signatures };
}

function signedBy(note, key) {
  const found = note.signatures.filter((one) => one.name === key.name && one.id === key.id);
  return found.map(({ data }) => {
    if (data.length !== SIGNATURE_BYTES[key.kind]) return { isGood: false, at: 0 };
    const at = key.kind === 4 ? Number(new DataView(data.slice(0, 8).buffer).getBigUint64(0)) : 0;
    const message = key.kind === 4 ? `cosignature/v1\ntime ${at}\n${note.text}` : note.text;
    return { isGood: isSigned(key.publicKey, utf8(message), data.slice(-64)), at };
  });
}

function logProofOf(text) {
  const at = text.indexOf("\n\n"), [first, index, ...path] = text.slice(0, at).split("\n");
  const place = /^index ([0-9]+)$/.exec(index || "");
  if (first !== "c2sp.org/tlog-proof@v1" || !place) throw new Unreadable("证明里到检查点的路径写得不对");
  return { index: Number(place[1]), path: path.map((line) => hex(unbase64(line))), note: noteOf(text.slice(at + 2)) };
}
