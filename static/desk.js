// The keys and counts of the desk; without this script every page is a plain form.
const find = document.querySelector(".d-find input[aria-keyshortcuts]"); // none where somebody turned the key off
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey || !find) return;
  event.preventDefault();
  find.focus();
  find.select();
});

// A link to the folded form opens it.
const fold = document.querySelector("details.d-fold");
const unfold = () => { if (fold && location.hash === `#${fold.id}`) fold.open = true; };
addEventListener("hashchange", unfold);
unfold();

for (const told of document.querySelectorAll("[data-chosen]")) {
  const form = told.closest("form");
  const ticks = [...form.querySelectorAll(".c-x input")];
  const plain = told.textContent;
  const count = () => {
    for (const tick of ticks) tick.closest("tr").classList.toggle("picked", tick.checked);
    const chosen = ticks.filter((tick) => tick.checked).length;
    told.textContent = chosen ? `已选 ${chosen} 项` : plain;
  };
  const head = form.querySelector("thead .c-x");
  if (head && ticks.length) {
    const every = Object.assign(document.createElement("input"), { type: "checkbox" });
    every.setAttribute("aria-label", "选择本页全部");
    every.addEventListener("change", () => { for (const tick of ticks) tick.checked = every.checked; count(); });
    head.replaceChildren(every);
  }
  form.addEventListener("change", count);
  count();
}
