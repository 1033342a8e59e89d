// Suggestions while typing (WAI-ARIA combobox with a list). Without this script the form is an ordinary form.
const PAUSE = 160;

for (const input of document.querySelectorAll("input[data-suggest]")) suggestFor(input);

function suggestFor(input) {
  const list = document.createElement("ul");
  const told = document.createElement("p");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "提示");
  list.hidden = true;
  told.className = "vh";
  told.setAttribute("role", "status");
  input.form.append(list, told);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer = 0, asking = null, chosen = -1, shownFor = "";
  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    choose(-1);
    input.setAttribute("aria-expanded", "false");
    told.textContent = "";
  }

  function choose(place) {
    chosen = place;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const option = options()[place];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    list.replaceChildren(...found.map(optionOf));
    choose(-1);
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    told.textContent = found.length ? `${found.length} 条提示，用上下方向键选择` : "没有提示";
  }

  function reopen() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function optionOf(one, place) {
    const option = document.createElement("li");
    option.id = `${list.id}-${place}`;
    option.setAttribute("role", "option");
    option.dataset.href = one.href;
    for (const [tag, text] of [["i", one.about], ["b", one.text], ["span", one.under]]) {
      const part = document.createElement(tag);
      part.textContent = text;
      option.append(part);
    }
    return option;
  }

  async function ask() {
    const typed = input.value.trim();
    if (!typed) return close();
    shownFor = typed;
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ q: typed });
    for (const name of ["as_of", "edition"]) {
      const kept = input.form.querySelector(`input[name="${name}"]`);
      if (kept) query.set(name, kept.value);
    }
    try {
      const answer = await fetch(`${input.dataset.suggest}?${query}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === input && input.value.trim() === typed) show((await answer.json()).suggestions);
    } catch (fault) {
      if (fault.name !== "AbortError") close();
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  input.addEventListener("compositionend", later);
  input.addEventListener("blur", () => setTimeout(close, 0));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = options().length, isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return void (count && input.value.trim() === shownFor ? reopen() : ask());
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(chosen < 0 && step < 0 ? count - 1 : ((chosen + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && isOpen && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.href);
    }
  });
  // The pointer must not take the focus from the box before the click is through.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
}
