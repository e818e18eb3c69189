/**
 * Quick-open: a few letters lead to a project, a page, a document or one's own reading, from every page and without a mouse.
 * The server finds and ranks; here is only the dialog, a combobox over a list.
 * @typedef {{kind: string, title: string, detail: string, url: string}} Place
 * @typedef {{fetch?: typeof fetch, go?: (url: string) => void, wait?: (ms: number) => Promise<void>, mac?: boolean}} World
 */

const PAUSE = 120;
const KINDS = { reading: "go on reading", page: "page", project: "project", document: "document" };
const OFFLINE = "The server cannot be reached. Try again when it is back.";
const TEXT_FIELD = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

/**
 * Lets the page's button and its key open the dialog.
 * @param {Document} page
 * @param {World} [world]
 */
export function offerQuickOpen(page, world = {}) {
  const button = /** @type {HTMLButtonElement|null} */ (page.querySelector("[data-quick]"));
  if (!button) return;
  const dialog = new Finder(page, button.dataset.quick ?? "", button.dataset.project ?? "", world);
  const mac = world.mac ?? /Mac|iPhone|iPad/.test(navigator.platform);
  const cap = button.querySelector("kbd");
  if (cap) cap.textContent = mac ? "⌘ K" : "Ctrl K";
  button.setAttribute("aria-keyshortcuts", mac ? "Meta+K" : "Control+K");
  button.hidden = false;
  button.addEventListener("click", () => dialog.open());
  page.addEventListener("keydown", (event) => {
    const meant = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const within = /** @type {Element} */ (event.target);
    if (!meant || (!dialog.isOpen && within.matches?.(TEXT_FIELD))) return;
    event.preventDefault();
    if (dialog.isOpen) dialog.close(); else dialog.open();
  });
}

class Finder {
  /**
   * @param {Document} page
   * @param {string} address
   * @param {string} project
   * @param {World} world
   */
  constructor(page, address, project, world) {
    this.page = page;
    this.address = address;
    this.project = project;
    this.ask = world.fetch ?? ((...args) => fetch(...args));
    this.go = world.go ?? ((url) => location.assign(url));
    this.wait = world.wait ?? slept;
    /** @type {Place[]} */
    this.places = [];
    this.at = 0;
    /** The question whose answer is due, until its list is shown. @type {Promise<void>|null} */
    this.pending = null;
    /** @type {AbortController|null} */
    this.asking = null;
    this.build();
  }

  build() {
    this.dialog = /** @type {HTMLDialogElement} */ (make(this.page, "dialog", { class: "quick", "aria-label": "Go to" }));
    this.field = /** @type {HTMLInputElement} */ (make(this.page, "input", {
      type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": "quick-places", "aria-autocomplete": "list",
      "aria-label": "A project, a page, a document", placeholder: "A project, a page, a document", autocomplete: "off",
      autocapitalize: "off", spellcheck: "false", maxlength: "200",
    }));
    this.list = make(this.page, "ul", { id: "quick-places", role: "listbox", "aria-label": "Places" });
    this.said = make(this.page, "p", { class: "hint", role: "status" });
    const keys = make(this.page, "p", { class: "hint keys", "aria-hidden": "true" });
    for (const [cap, does] of [["↑ ↓", "choose"], ["↵", "go"], ["Esc", "close"]]) {
      const key = make(this.page, "kbd", {});
      key.textContent = cap;
      keys.append(key, ` ${does} `);
    }
    const close = make(this.page, "button", { type: "button", class: "plain" });
    close.textContent = "Close";
    close.addEventListener("click", () => this.close());
    const row = make(this.page, "div", { class: "row-of-field" });
    row.append(this.field, close);
    this.dialog.append(row, this.list, this.said, keys);
    this.page.body.append(this.dialog);
    this.field.addEventListener("input", () => this.find(PAUSE));
    this.field.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => this.take(/** @type {Element} */ (event.target).closest("li")));
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.close(); });
    this.dialog.addEventListener("close", () => this.leave());
  }

  get isOpen() {
    return this.dialog?.open ?? false;
  }

  open() {
    if (this.isOpen || !this.dialog || !this.field) return;
    this.from = /** @type {HTMLElement|null} */ (this.page.activeElement);
    this.field.value = "";
    this.show([], "");
    this.dialog.showModal();
    this.field.focus();
    this.find(0);
  }

  close() {
    this.dialog?.close();
  }

  /** What was focused before gets the focus back; the browser tells of a closing late, when it may be open again. */
  leave() {
    if (this.isOpen) return;
    this.asking?.abort();
    this.pending = null;
    if (this.from?.isConnected && this.from !== this.page.body) this.from.focus();
    this.from = null;
  }

  /** @param {number} pause */
  find(pause) {
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    const pending = this.pending = this.answer(asking, pause).finally(() => {
      if (this.pending === pending) this.pending = null;
    });
  }

  /**
   * Asks the server once nobody has typed for so long; an answer to what is no longer asked for is dropped.
   * @param {AbortController} asking
   * @param {number} pause
   */
  async answer(asking, pause) {
    await this.wait(pause);
    if (asking.signal.aborted) return;
    const typed = this.field?.value.trim() ?? "";
    const query = new URLSearchParams({ q: typed, project: this.project });
    try {
      const answer = await this.ask(`${this.address}?${query}`, {
        signal: asking.signal, credentials: "same-origin", headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { results } = await answer.json();
      if (!asking.signal.aborted) this.show(results, wording(results.length, typed));
    } catch (error) {
      if (!asking.signal.aborted) this.show([], refusal(error));
    }
  }

  /**
   * @param {Place[]} places
   * @param {string} words
   */
  show(places, words) {
    this.places = places;
    this.list?.replaceChildren(...places.map((place, at) => this.entry(place, at)));
    this.field?.setAttribute("aria-expanded", String(places.length > 0));
    if (this.said) this.said.textContent = words;
    this.choose(0);
  }

  /**
   * @param {Place} place
   * @param {number} at
   */
  entry(place, at) {
    const entry = make(this.page, "li", { id: `quick-${at}`, role: "option", "aria-selected": "false", "data-at": String(at) });
    const title = make(this.page, "span", { class: "title", dir: "auto" });
    title.textContent = place.title;
    const kind = make(this.page, "span", { class: "hint" });
    kind.textContent = [KINDS[/** @type {keyof typeof KINDS} */ (place.kind)] ?? place.kind, place.detail].filter(Boolean).join(" · ");
    entry.append(title, " ", kind);
    return entry;
  }

  /** @param {number} at */
  choose(at) {
    const entries = [...(this.list?.children ?? [])];
    this.at = entries.length ? (at + entries.length) % entries.length : 0;
    entries.forEach((entry, number) => entry.setAttribute("aria-selected", String(number === this.at)));
    const chosen = entries[this.at];
    if (chosen) this.field?.setAttribute("aria-activedescendant", chosen.id); else this.field?.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView?.({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing) return;
    const moves = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageUp: 0, PageDown: this.places.length - 1 };
    if (event.key in moves) {
      event.preventDefault();
      this.choose(moves[/** @type {keyof typeof moves} */ (event.key)]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.pending) void this.takeFirst(this.pending); else this.take(this.list?.children[this.at] ?? null);
    }
  }

  /**
   * The list still shows what was asked for before: waits for the answer that is due, and goes to its first place.
   * @param {Promise<void>} pending
   */
  async takeFirst(pending) {
    const asking = this.asking;
    await pending;
    if (!asking?.signal.aborted) this.take(this.list?.firstElementChild ?? null);
  }

  /** @param {Element|null} entry */
  take(entry) {
    const place = this.places[Number(entry?.getAttribute("data-at") ?? -1)];
    if (!place) return;
    this.from = null;
    this.close();
    this.go(place.url);
  }
}

/**
 * @param {number} found
 * @param {string} typed
 */
function wording(found, typed) {
  if (!found) return `Nothing is called “${typed}”. The texts themselves are searched on a project's page of documents.`;
  return `${found} ${found === 1 ? "place" : "places"}`;
}

/** @param {unknown} error */
function refusal(error) {
  const status = Number(error instanceof Error ? error.message : NaN);
  if (status === 401 || status === 403) return "You are signed out. Load the page anew to sign in.";
  return status ? "The server could not answer. Try again in a moment." : OFFLINE;
}

/**
 * @param {Document} page
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function make(page, name, attributes) {
  const element = page.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** @param {number} ms */
function slept(ms) {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
