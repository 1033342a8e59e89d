// Lets the browser make or show a passkey, and sends what it answers. Without a script the codes of the app remain.
const form = document.querySelector("form[data-passkey]");
if (form && window.webauthnJSON && window.webauthnJSON.supported()) {
  const options = JSON.parse(document.getElementById("passkey-options").textContent);
  const state = form.querySelector("[data-passkey-state]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    state.textContent = "请按浏览器的提示操作…";
    try {
      const credential = await window.webauthnJSON[form.dataset.passkey](options);
      form.elements.namedItem("credential").value = JSON.stringify(credential);
      form.submit();
    } catch {
      state.textContent = "没有完成。可以再试一次，或改用验证器应用的验证码。";
    }
  });
}
