// A copy of the site has no server: search and check are answered here, from parts that come as scripts when they are needed.
"use strict";
(() => {
  const root = new URL("..", document.currentScript.src);
  const waiting = new Map(), loaded = new Map();
  const answer = document.getElementById("answer");
  let edition = null;

  window.copied = (name, content) => {
    if (name === "edition") tellAge(edition = content);
    else waiting.get(name)?.(content);
  };

  function load(name) {
    if (!loaded.has(name)) loaded.set(name, new Promise((resolve) => {
      waiting.set(name, resolve);
      const script = document.createElement("script");
      script.src = new URL(`${name}.js`, root);
      script.onerror = () => resolve(null);
      document.head.append(script);
    }));
    return loaded.get(name);
  }

  function tellAge({ day }) {
    const days = Math.floor((Date.now() - Date.parse(`${day}T00:00:00+08:00`)) / 86400000);
    for (const place of document.querySelectorAll("[data-age]")) if (days > 0) place.textContent = `，距今已有 ${days} 天`;
  }

  // -- drawing -------------------------------------------------------------------------------------------------------------
  function made(tag, css, ...inside) {
    const element = document.createElement(tag);
    if (css) element.className = css;
    element.append(...inside);
    return element;
  }

  function link(href, text, css = "") {
    const element = made("a", css, text);
    element.href = href;
    return element;
  }

  const inFolder = (file) => new URL(file, root).href;
  const onSite = (path, text) => link(edition.site + path, text, "to-site");

  // -- words ---------------------------------------------------------------------------------------------------------------
  const HAN = /^[\p{Script=Han}々〆〇]/u;
  const PARTS = /[\p{Script=Han}々〆〇]+|[^\p{Script=Han}々〆〇]+/gu;

  function folded(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[×✕✖╳*＊]/gu, "x");
  }

  function wordsOf(text) {
    return folded(text).split(/[\s,;、，；。|｜]+/u).map((word) => word.replace(/[^\p{L}\p{N}]/gu, "")).filter(Boolean);
  }

  function grams(text, length) {
    const signs = Array.from(text), found = [];
    for (let at = 0; at + length <= signs.length; at += 1) found.push(signs.slice(at, at + length).join(""));
    return found;
  }

  function cuts(letters, syllables, known = new Map([["", [[]]]])) {
    if (!known.has(letters)) known.set(letters, cutAnew(letters, syllables, known));
    return known.get(letters);
  }

  function cutAnew(letters, syllables, known) {
    const found = [];
    for (let end = Math.min(6, letters.length); end > 0; end -= 1)
      if (syllables.has(letters.slice(0, end))) for (const rest of cuts(letters.slice(end), syllables, known)) found.push([letters.slice(0, end), ...rest]);
    return found.sort((one, two) => one.length - two.length).slice(0, 6);
  }

  function alternatives(run, syllables) {
    if (HAN.test(run)) return [grams(run, 2)];
    const printed = grams(run, Math.min(run.length, 3));
    if (!/^[a-z]+$/.test(run)) return [printed];
    const spelled = cuts(run.slice(0, 60), syllables).map((cut) => cut.length === 1 ? [`p:${cut[0]}`] : cut.slice(1).map((next, at) => `p:${cut[at]}${next}`));
    return [printed, grams(run, Math.min(run.length, 3)).map((gram) => `i:${gram}`), ...spelled];
  }

  // -- postings ------------------------------------------------------------------------------------------------------------
  const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  function decoded(text = "") {
    const numbers = [];
    let at = 0, before = 0;
    const next = () => {
      let number = 0, weight = 1, sign;
      do { sign = SIGNS.indexOf(text[at++]); number += (sign % 32) * weight; weight *= 32; } while (sign >= 32);
      return number;
    };
    while (at < text.length) {
      const said = next();
      before += Math.floor(said / 2);
      numbers.push(before);
      if (said % 2) for (let left = next() + 1; left > 0; left -= 1) numbers.push(before += 1);
    }
    return numbers;
  }

  function partOf(term, count) {
    let mixed = 2166136261;
    for (const sign of term) mixed = Math.imul(mixed ^ sign.codePointAt(0), 16777619);
    return (mixed >>> 0) % count;
  }

  async function posting(letter, term, about) {
    const part = await load(`search/${letter}/terms-${partOf(term, about.parts[letter])}`);
    return decoded(part?.[term]);
  }

  async function havingAll(letter, terms, about) {
    const found = await Promise.all(terms.map((term) => posting(letter, term, about)));
    found.sort((one, two) => one.length - two.length);
    return found.slice(1).reduce((left, other) => { const held = new Set(other); return left.filter((one) => held.has(one)); }, found[0] || []);
  }

  async function found(letter, words, about, syllables) {
    let left = null;
    const runs = words.flatMap((word) => word.match(PARTS));
    for (const run of runs) {
      const any = new Set((await Promise.all(alternatives(run, syllables).map((terms) => havingAll(letter, terms, about)))).flat());
      left = left === null ? [...any] : left.filter((one) => any.has(one));
    }
    const called = runs.flatMap((run) => alternatives(run, syllables)[0].map((term) => `n:${term}`));
    const current = new Set(await posting(letter, "*", about)), named = new Set(await havingAll(letter, called, about));
    const rank = (one) => 2 * current.has(one) + named.has(one);
    return (left || []).sort((one, two) => rank(two) - rank(one) || two - one);
  }

  // -- search --------------------------------------------------------------------------------------------------------------
  const AT_A_TIME = 20;
  const SHOWN = {
    p: ([number, name, models, brand, enterprise, star, status]) => [
      link(inFolder(`products/${number.slice(0, 4)}/${number}.html`), name || "（名称已依法隐去）", "name"),
      made("span", "under", [brand, models].filter(Boolean).join("·")),
      made("span", "under", [enterprise, star, status, number].filter(Boolean).join("　")),
    ],
    e: ([uscc, name, division, status]) => [
      link(inFolder(`enterprises/${uscc.slice(-2)}/${uscc}.html`), name || "（名称已依法隐去）", "name"),
      made("span", "under", [division, status, uscc].filter(Boolean).join("　")),
    ],
  };

  async function listed(heading, letter, numbers, about) {
    if (!numbers.length) return;
    const list = made("ul", "links found"), more = made("button", "btn quiet", `再列 ${AT_A_TIME} 项`);
    more.type = "button";
    answer.append(made("h2", "", `${heading} ${numbers.length.toLocaleString("en")} 项`), list, more);
    let shown = 0;
    const show = async () => {
      const next = numbers.slice(shown, shown += AT_A_TIME);
      const parts = await Promise.all(next.map((one) => load(`search/${letter}/${Math.floor(one / about.documents)}`)));
      next.forEach((one, at) => { if (parts[at]?.[one]) list.append(made("li", "", ...SHOWN[letter](parts[at][one]))); });
      more.hidden = shown >= numbers.length;
    };
    more.addEventListener("click", show);
    await show();
  }

  function listedPages(pages) {
    if (!pages.length) return;
    const items = pages.map(([file, title]) => made("li", "", link(inFolder(file), title)));
    answer.append(made("h2", "", `其他页面 ${pages.length} 个`), made("ul", "links found", ...items));
  }

  async function search(asked) {
    const words = wordsOf(asked);
    const short = words.some((word) => word.match(PARTS).some((run) => Array.from(run).length < 2));
    if (!words.length || short) return answer.append(made("p", "bar plain", "每个词至少输两个字、两个字母或两位数字。"));
    const about = await load("search/about"), pages = await load("search/pages"), syllables = new Set(about.syllables);
    const products = await found("p", words, about, syllables), makers = await found("e", words, about, syllables);
    const others = pages.filter(([, title]) => words.every((word) => wordsOf(title).join("").includes(word)));
    if (!products.length && !makers.length && !others.length) return nothing(asked);
    await listed("产品", "p", products, about);
    await listed("企业", "e", makers, about);
    listedPages(others);
  }

  async function nothing(asked) {
    const [old, plain] = await load("search/old-signs"), signs = Array.from(plain);
    const becomes = new Map(Array.from(old).map((sign, at) => [sign, signs[at]]));
    const simplified = Array.from(asked, (sign) => becomes.get(sign) || sign).join("");
    if (simplified !== asked) return search(simplified);
    const words = made("p", "bar plain", `这份副本里没有找到「${asked}」。`);
    words.append(onSite(`/search/?q=${encodeURIComponent(asked)}`, "到网站上找"));
    if (/[0-9]{4}/.test(asked)) words.append("　", link(`${inFolder("check/index.html")}?number=${encodeURIComponent(asked)}`, "当作编号核验"));
    answer.append(words);
  }

  // -- check ---------------------------------------------------------------------------------------------------------------
  const keyOf = (number) => number.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  const keysOf = (number) => [keyOf(number), keyOf(number).replace(/^[\p{Script=Han}]+/u, "")];

  async function check(number) {
    const lasts = await load("check/numbers");
    for (const key of keysOf(number)) {
      const place = lasts.findIndex(([from, until]) => from <= key && key <= until);
      if (place >= 0) return location.replace(`${inFolder(`check/numbers-${place + 1}.html`)}?number=${encodeURIComponent(number)}`);
    }
    unknown(number);
  }

  function shown(number) {
    const keys = keysOf(number), rows = [...document.querySelectorAll("[data-key]")].filter((row) => keys.includes(row.dataset.key));
    if (!rows.length) return unknown(number);
    const table = rows[0].closest("table"), copy = table.cloneNode(true);
    copy.querySelector("tbody").replaceChildren(...rows.map((row) => row.cloneNode(true)));
    answer.append(made("h2", "num", number), copy, today(number));
  }

  function unknown(number) {
    answer.append(made("h2", "num", number), made("p", "bar plain", `${edition.words}，这份副本里没有这个编号。这不等于证书是假的：只收录参加活动并已公布的产品。`), today(number));
  }

  const today = (number) => made("p", "gap", onSite(`/check/?number=${encodeURIComponent(number)}`, "今天的答案在网站上"));

  // -- what the page asks --------------------------------------------------------------------------------------------------
  const ASKS = { search: ["q", search], check: ["number", check], number: ["number", shown] };

  addEventListener("load", () => {
    const [name, act] = ASKS[answer?.dataset.copy] || [];
    const asked = name && new URLSearchParams(location.search).get(name)?.trim();
    if (!asked) return;
    document.getElementById("q").value = asked;
    answer.setAttribute("aria-busy", "true");
    Promise.resolve(act(asked)).then(() => answer.setAttribute("aria-busy", "false"));
  });
})();
