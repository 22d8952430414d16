"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const open = () => one("dialog[open]");
  const main = one("main[data-picture]");

  // The picture a key speaks of: the one whose question is open, the marked card, or the page's.
  let asked = null;
  const current = () => document.activeElement?.closest("[data-picture]") || main;

  // ------------------------------------------------------------------ asking the server

  async function post(path, body = {}) {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-tierbook": "review" },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (!answer) throw new Error("Tierbook is not running any more. Start tierbook review again.");
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.message || "That did not work. Reload the page.");
    return told;
  }

  const address = (picture, action) => `/pictures/${picture.dataset.picture}/${action}`;
  const wait = (time) => new Promise((done) => setTimeout(done, time));

  // ------------------------------------------------------------------ telling

  let fading = 0;
  function say(words) {
    const toast = one("#toast");
    toast.textContent = words;
    toast.classList.add("shown");
    clearTimeout(fading);
    fading = setTimeout(() => toast.classList.remove("shown"), 6000);
  }

  function keep(words, picture) {
    sessionStorage.setItem("told", words);
    if (picture) sessionStorage.setItem("last", JSON.stringify(picture));
  }

  function show(picture, told) {
    for (const place of document.querySelectorAll(`[data-picture="${told.id}"]`)) {
      const chip = one(".chip.state", place);
      chip.className = `chip state ${told.state}`;
      chip.textContent = `${told.sign} ${told.words}`;
    }
  }

  // ------------------------------------------------------------------ deciding

  async function decide(picture, decision, reason = "") {
    const told = await post(address(picture, "decision"), { decision, reason });
    const words = `${told.words}: ${picture.dataset.name}. Press U to undo.`;
    const last = { picture: told.id, name: picture.dataset.name, page: location.href };
    keep(words, last);
    const next = one('a.step[rel="next"]');
    if (picture === main && next) location.assign(next.href);
    else if (main) location.reload();
    else {
      sessionStorage.removeItem("told");
      show(picture, told);
      say(words);
    }
  }

  async function undo() {
    const kept = JSON.parse(sessionStorage.getItem("last") || "null");
    const last = kept || (main && { picture: main.dataset.picture, name: main.dataset.name });
    if (!last) return say("Nothing to undo.");
    sessionStorage.removeItem("last");
    const told = await post(`/pictures/${last.picture}/undo`);
    const words = `Undone: ${last.name} is now "${told.words.toLowerCase()}".`;
    if (!main) {
      show(null, told);
      return say(words);
    }
    keep(words);
    if (last.page && last.page !== location.href) location.assign(last.page);
    else location.reload();
  }

  function reject(picture) {
    asked = picture;
    one("#why").showModal();
  }

  async function redo(picture) {
    asked = picture;
    const yes = one("#anew-yes");
    yes.hidden = true;
    one("#anew-words").textContent = "Asking for the price …";
    one("#anew").showModal();
    try {
      const told = await post(address(picture, "redo-price"));
      one("#anew-words").textContent = told.words;
      yes.textContent = told.button;
      yes.dataset.token = told.token;
      yes.disabled = false;
      yes.hidden = false;
      yes.focus();
    } catch (error) {
      one("#anew-words").textContent = error.message;
    }
  }

  async function makeAnew() {
    const yes = one("#anew-yes");
    if (yes.disabled) return;
    yes.disabled = true;
    const words = one("#anew-words");
    try {
      let told = { finished: false };
      // The same token only ever starts one redo; asked again it says how that one stands.
      for (let tries = 0; !told.finished; tries += 1) {
        if (tries) await wait(600);
        told = await post(address(asked, "redo"), { token: yes.dataset.token });
        words.textContent = told.finished ? told.message : "Being made. You may close this.";
      }
      yes.hidden = true;
      if (!told.made) return;
      keep(told.message);
      if (main) location.assign(`/pictures/${told.picture}${location.search}`);
      else location.reload();
    } catch (error) {
      words.textContent = error.message;
      yes.hidden = true;
    }
  }

  // ------------------------------------------------------------------ moving

  function step(forward) {
    const link = one(`a.step[rel="${forward ? "next" : "prev"}"]`);
    if (main) return link && location.assign(link.href);
    const looks = [...document.querySelectorAll(".card .look")];
    const here = looks.indexOf(one(".look", current() || document.createElement("i")));
    const next = looks[here < 0 ? 0 : here + (forward ? 1 : -1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  const actions = {
    approve: (picture) => decide(picture, "approve"),
    reject,
    redo,
    undo,
    keys: () => one("#keys").showModal(),
  };

  function act(name, picture) {
    if (!picture && name !== "undo" && name !== "keys") {
      return say("Mark a picture first: use the arrow keys.");
    }
    return Promise.resolve(actions[name](picture)).catch((error) => say(error.message));
  }

  const letters = { a: "approve", r: "reject", g: "redo", u: "undo", "?": "keys" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.matches("input, select, textarea")) return;
    const dialog = open();
    if (dialog) {
      const reason = one(`#why[open] .reasons button:nth-child(${Number(event.key) || 99})`);
      if (reason) reason.click();
      return;
    }
    const name = letters[event.key.toLowerCase()];
    if (name) act(name, current());
    else if (event.key === "ArrowRight") step(true);
    else if (event.key === "ArrowLeft") step(false);
    else if (event.key === "Escape" && main) location.assign(one("a.all").href);
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "anew-yes") makeAnew();
    else if (button.dataset.reason) {
      open().close();
      decide(asked, "reject", button.dataset.reason).catch((error) => say(error.message));
    } else if (button.dataset.do) act(button.dataset.do, button.closest("[data-picture]"));
  });

  for (const select of document.querySelectorAll(".filters select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  const told = sessionStorage.getItem("told");
  sessionStorage.removeItem("told");
  if (told) say(told);
})();
