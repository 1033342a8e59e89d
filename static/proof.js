// Lets a worker compute the proof of work of a form while it is filled in. Without it the form is taken all the same.
const PATIENCE = 20000; // milliseconds that a press of the button waits for the proof

const form = document.querySelector("form[data-challenge]");
if (form && window.Worker && window.crypto && window.crypto.subtle) {
  const target = form.elements.namedItem("proof");
  const state = form.querySelector("[data-proof-state]");
  const challenge = JSON.parse(form.dataset.challenge);
  const worker = new Worker(form.dataset.worker);
  const solved = new Promise((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = () => resolve(null);
    setTimeout(() => resolve(null), PATIENCE);
  }).then((solution) => {
    if (solution) target.value = btoa(JSON.stringify({ challenge, solution }));
    worker.terminate();
    form.dataset.proof = solution ? "done" : "none";
  });
  worker.postMessage(challenge.parameters);

  let sending = false;
  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    if (form.dataset.proof) return;
    event.preventDefault();
    state.textContent = "正在核对，约两秒…";
    solved.then(() => form.submit());
  });
  // A page that comes back out of the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    sending = false;
  });
}
