/** The list of spans in reading order: what assistive technology reads, and the quickest way to any span. */

/** @import {Page} from "../page.js" */
/** @import {Span} from "../types.js" */
import { byId, element, shortened, watching } from "../dom.js";
import { holderName } from "../labels.js";
import { countsOf } from "../threads.js";
import { endId, spansInOrder } from "../state.js";
import { passive } from "../wording.js";
import { take } from "../verbs/moving.js";

/** How long the list may be at it before it lets a key in, in ms: five hundred rows are more than a frame's work. */
const PATIENCE = 12;

/**
 * @param {Page} page
 * @param {(id: string|null) => void} hover
 */
export function createSpanList(page, hover) {
  const list = byId("spans");
  const count = byId("span-count");
  const empty = byId("spans-empty");
  const box = /** @type {HTMLElement} */ (list.closest(".lists"));
  /** @type {Map<string, {item: HTMLElement, span: Span, note: string, holders: unknown}>} */
  const rows = new Map();
  /** @type {HTMLElement|undefined} */
  let current;
  const changed = watching();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let more;

  list.addEventListener("click", (event) => {
    const id = idOf(event);
    if (id) take(page, { layer: "spans", id }, true);
  });
  list.addEventListener("pointerover", (event) => hover(idOf(event)));
  list.addEventListener("pointerleave", () => hover(null));
  list.addEventListener("focusin", (event) => hover(idOf(event)));
  list.addEventListener("focusout", () => hover(null));
  // The inspector below takes more room, or less: what is in hand stays in view.
  new ResizeObserver(() => bringIn()).observe(box);

  function show() {
    const { state } = page;
    if (!changed(state.spans, state.relations, state.holders, state.comments) && !more) return showCurrent();
    clearTimeout(more);
    more = undefined;
    const ordered = spansInOrder(state);
    const notes = notesOf(page);
    count.textContent = String(ordered.length);
    empty.hidden = ordered.length > 0;
    for (const [id, { item }] of rows) if (!state.spans.has(id)) { item.remove(); rows.delete(id); }
    let at = list.firstElementChild;
    const began = performance.now();
    for (const span of ordered) {
      if (!rows.has(span.id) && performance.now() - began > PATIENCE) {
        more = setTimeout(show);
        break;
      }
      const item = rowOf(span, notes.get(span.id) ?? "");
      if (item === at) at = at.nextElementSibling;
      else list.insertBefore(item, at);
    }
    showCurrent();
  }

  /**
   * @param {Span} span
   * @param {string} note
   */
  function rowOf(span, note) {
    const known = rows.get(span.id);
    const { holders } = page.state;
    if (known && known.span === span && known.note === note && known.holders === holders) return known.item;
    const item = known?.item ?? element("li");
    const button = item.querySelector("button") ?? item.appendChild(element("button", { type: "button", className: "row", dataset: { id: span.id } }));
    const { labels } = page;
    button.replaceChildren(
      element("span", { className: "row-head" }, labels.stanceChip(span.stance), labels.roleChip(span.role),
        element("span", { className: "holder", dir: "auto" }, holderName(holders, span.holder))),
      element("q", { dir: "auto" }, element("bdi", {}, shortened(page.excerpt(span.fragments)))),
      ...note ? [element("span", { className: "quiet" }, note)] : [],
    );
    rows.set(span.id, { item, span, note, holders });
    return item;
  }

  function showCurrent() {
    const id = page.state.hand?.layer === "spans" ? page.state.hand.id : "";
    const button = rows.get(id)?.item.querySelector("button") ?? undefined;
    if (current === button) return;
    current?.removeAttribute("aria-current");
    current = button;
    if (!button) return;
    button.setAttribute("aria-current", "true");
    bringIn();
  }

  /** Not by scrollIntoView: that would scroll the page, too, to where the sheet waits outside of it. */
  function bringIn() {
    if (!current) return;
    const [row, view] = [current.getBoundingClientRect(), box.getBoundingClientRect()];
    if (row.top < view.top || row.bottom > view.bottom) box.scrollTop += row.top - view.top - Math.min(view.height / 3, Math.max(0, view.height - row.height) / 2);
  }

  return { show };
}

/** @param {Event} event */
const idOf = (event) => (event.target instanceof Element ? event.target.closest("button")?.dataset.id ?? null : null);

/**
 * What relates to each span, in words: "supported by 2, attacks 1".
 * @param {Page} page
 */
function notesOf({ state, labels }) {
  /** @type {Map<string, Map<string, number>>} */
  const counts = new Map();
  const count = (/** @type {string} */ id, /** @type {string} */ words) => {
    const own = counts.get(id) ?? new Map();
    own.set(words, (own.get(words) ?? 0) + 1);
    counts.set(id, own);
  };
  for (const { label, from, to } of state.relations.values()) {
    count(from.span, labels.relationName(label).toLowerCase());
    if ("span" in to) count(endId(to), passive(labels.relationName(label).toLowerCase()));
  }
  for (const [id, { comments, flags }] of countsOf(state.comments.values())) {
    counts.set(id, new Map([...counts.get(id) ?? [], ...flags ? [/** @type {[string, number]} */ (["⚑ flagged", 0])] : [], ...comments ? [/** @type {[string, number]} */ (["comments", comments])] : []]));
  }
  return new Map([...counts].map(([id, own]) => [id, [...own].map(([words, number]) => number ? `${words} ${number}` : words).join(", ")]));
}
