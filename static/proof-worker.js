// Finds the counter whose PBKDF2 key begins as the challenge says (ALTCHA, version 2).
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

onmessage = async (event) => {
  const { nonce, salt, cost, keyLength, keyPrefix } = event.data;
  const begun = performance.now();
  const password = new Uint8Array([...bytesOf(nonce), 0, 0, 0, 0]);
  const place = new DataView(password.buffer, password.length - 4);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: cost };
  for (let counter = 0; counter < 100000; counter += 1) {
    place.setUint32(0, counter);
    const material = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, material, keyLength * 8)));
    if (derivedKey.startsWith(keyPrefix)) {
      postMessage({ counter, derivedKey, time: performance.now() - begun });
      return;
    }
  }
  postMessage(null);
};
