/** What keys, the pointer and the window do to the page. */

/** @import {Page} from "./page.js" */
import { commandFor, keyOf } from "./commands.js";
import { byId } from "./dom.js";
import { snapped } from "./cursor.js";
import { lettersOn, snaps } from "./preferences.js";
import { spansAt } from "./state.js";
import { codePointUnder, readSelection, showSelection } from "./text/selection.js";
import { converge } from "./verbs/converging.js";
import { aim } from "./verbs/relating.js";
import { choose, select, takeAmong } from "./verbs/moving.js";

/** Who comes back sooner has not been at another device; in ms. */
const REST = 5000;

/** @param {Page} page */
export function listenToKeys(page) {
  const { root } = page.painter;
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph") && event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key)) return;
    if (page.state.drawing && event.key === "Tab") {
      event.preventDefault();
      return aim(page, event.shiftKey ? -1 : 1);
    }
    const at = document.activeElement;
    if (at?.closest("dialog.quick")) return;   // it has keys of its own
    const key = keyOf(event);
    const withAlt = event.altKey && key.length === 1 && !lettersOn();   // signs are written the same with Alt and without
    const where = {
      inField: at instanceof HTMLElement && at.matches("input:not([type=checkbox]), textarea, select"),
      inText: !at || at === document.body || root.contains(at) || Boolean(page.state.drawing),
      onControl: !page.state.drawing && Boolean(at?.matches("button, a, summary, input, [role=option]")),
      editable: page.editable, letters: lettersOn(),
    };
    const command = commandFor(page.commands, withAlt ? `alt+${key}` : key, where);
    const refused = !command && !page.editable && commandFor(page.commands, withAlt ? `alt+${key}` : key, { ...where, editable: true });
    if (!command && !refused) return;
    event.preventDefault();
    if (command) command.run(page);
    else page.refuse();
  });
}

/**
 * @param {Page} page
 * @param {(id: string|null) => void} hover
 */
export function listenToPointer(page, hover) {
  const { painter, words } = page;
  const { root } = painter;
  document.addEventListener("selectionchange", () => {
    const selected = readSelection(painter);
    if (selected && selected.anchor !== selected.focus) select(page, selected);
  });
  // While a selection is drawn, the handles are out of its way: one that ends on a handle would be lost.
  root.addEventListener("pointerdown", () => byId("frame").classList.add("selecting"));
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => {
    const ended = byId("frame").classList.contains("selecting") && snaps() && readSelection(painter);
    byId("frame").classList.remove("selecting");
    if (!ended || ended.anchor === ended.focus) return;
    const whole = snapped(words, ended);
    select(page, whole);
    showSelection(painter, whole);
  });
  // Two clicks are a word, as everywhere; three are the sentence, which is marked more often than the paragraph, and four that.
  root.addEventListener("mousedown", (event) => {
    const at = event.detail > 2 && event.button === 0 ? codePointUnder(painter, event.clientX, event.clientY) : null;
    const found = at === null ? null : event.detail === 3 ? words.covering("sentence", at) : words.paragraph(at);
    if (!found) return;
    event.preventDefault();
    root.focus({ preventScroll: true });
    const whole = { anchor: found.start, focus: found.end };
    select(page, whole);
    showSelection(painter, whole);
  });
  root.addEventListener("click", ({ target, ctrlKey, metaKey }) => {
    const selected = readSelection(painter);
    if (selected && selected.anchor !== selected.focus) return;
    const ids = new Set(painter.spansAt(/** @type {Node} */ (target)));
    const at = selected ? selected.anchor : 0;
    const here = ids.size ? [...spansAt(page.state, at, at + 1), ...spansAt(page.state, Math.max(0, at - 1), at)].map((span) => span.id) : [];
    const candidates = [...new Set(here.filter((id) => ids.has(id)))];
    if ((ctrlKey || metaKey) && candidates.length) choose(page, candidates[0]);
    else takeAmong(page, candidates);
  });
  root.addEventListener("pointerover", ({ target }) => hover(painter.spansAt(/** @type {Node} */ (target))[0] ?? null));
  root.addEventListener("pointerleave", () => hover(null));
}

/**
 * The buttons that stand in the page from the beginning.
 * @param {Page} page
 */
export function listenToButtons(page) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-edit]"))) button.addEventListener("click", () => page.editors[button.dataset.edit ?? ""]?.());
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-toggle]"))) button.addEventListener("click", () => page.toggle(button.dataset.toggle ?? ""));
  for (const button of document.querySelectorAll("dialog [data-close]")) button.addEventListener("click", () => button.closest("dialog")?.close());
  byId("sheet-toggle").addEventListener("click", () => page.openSheet(!document.body.classList.contains("sheet-open")));
}

/**
 * What is drawn over and beside the text follows whatever moves the text: the window, a zoom, text that is laid out late.
 * @param {HTMLElement} root
 * @param {() => void} measure
 */
export function listenToLayout(root, measure) {
  let asked = 0;
  const again = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      measure();
    });
  };
  new ResizeObserver(again).observe(root);
  root.addEventListener("contentvisibilityautostatechange", again, true);
}

/**
 * Warns who leaves with changes that are not sent yet, and sends them when there is a connection or somebody looks again.
 * @param {Page} page
 * @param {() => void} keep
 */
export function listenToLeaving(page, keep) {
  addEventListener("beforeunload", (event) => {
    const field = document.activeElement;
    if (field instanceof HTMLTextAreaElement) field.dispatchEvent(new Event("change"));   // a note is kept now, not when its writer pauses
    if (page.outbox.status().waiting || /** @type {HTMLTextAreaElement} */ (byId("comment-text")).value.trim()) event.preventDefault();
  });
  addEventListener("pagehide", keep);
  addEventListener("online", () => page.outbox.flush());
  let looked = Date.now();
  const lookAgain = () => {
    if (document.hidden) return;
    if (page.outbox.status().waiting) page.outbox.flush();
    else if (Date.now() - looked > REST) converge(page);
    looked = Date.now();
  };
  document.addEventListener("visibilitychange", lookAgain);
  addEventListener("focus", lookAgain);
  // The browser may bring back the page as it was left; what it shows may be old by then.
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
}
