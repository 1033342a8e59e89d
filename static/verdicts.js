// The button of a page with a verdict a line says what it will do: 「通过 3 项，退回 1 项」. Without this script the page asks once more.
"use strict";
(() => {
  const button = document.querySelector("button[data-verdicts]");
  if (!button) return;
  const words = { approved: "通过", returned: "退回", rejected: "不予通过" };
  const told = button.form.elements[button.dataset.verdicts];
  const chosen = [...button.form.querySelectorAll("select[name^='verdict_']")];
  const say = () => {
    const count = (state) => chosen.filter((one) => one.value.split(":")[0] === state).length;
    const said = Object.keys(words).filter(count).map((state) => `${words[state]} ${count(state)} 项`).join("，");
    button.textContent = told.value = said;
  };
  button.form.addEventListener("change", say);
  say();
})();
