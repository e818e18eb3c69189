/** The line in which a phrase is looked for. */

/** @import {Page} from "../page.js" */
/** @import {Fragment} from "../types.js" */
import { byId } from "../dom.js";
import { chosenText, places, takeAll } from "../verbs/finding.js";
import { select } from "../verbs/moving.js";
import { scrollTo } from "../verbs/scrolling.js";
import { MOST } from "../text/finding.js";
import { rangeOf } from "../text/selection.js";

/** Longer selections are passages, not phrases. */
const LONGEST = 200;

/** @param {Page} page */
export function createFind(page) {
  const form = byId("find");
  const field = /** @type {HTMLInputElement} */ (byId("find-text"));
  const whole = /** @type {HTMLInputElement} */ (byId("find-whole"));
  const count = byId("find-count");
  const all = /** @type {HTMLButtonElement} */ (byId("find-all"));
  const highlight = "highlights" in CSS ? new Highlight() : null;
  const here = "highlights" in CSS ? new Highlight() : null;
  if (highlight) CSS.highlights.set("found", highlight);
  if (here) CSS.highlights.set("here", here);
  /** @type {Fragment[]} */
  let found = [];
  /** @type {Fragment[]|null} */
  let lit = null;
  let at = -1;
  /** @type {unknown} */
  let shown = null;

  page.editors.find = () => {
    const phrase = chosenText(page);
    form.hidden = false;
    if (phrase && phrase.length <= LONGEST) field.value = phrase;
    field.focus();
    field.select();
    look();
  };
  field.addEventListener("input", look);
  whole.addEventListener("change", look);
  form.addEventListener("submit", (event) => { event.preventDefault(); go(1); });
  byId("find-previous").addEventListener("click", () => go(-1));
  byId("find-close").addEventListener("click", close);
  all.addEventListener("click", take);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.altKey) take();
    else if (event.key === "Enter" && event.target === field) go(event.shiftKey ? -1 : 1);
    else return event.target === field ? event.stopPropagation() : undefined;
    event.preventDefault();
    event.stopPropagation();
  });

  function look() {
    found = places(page, field.value, { whole: whole.checked });
    at = -1;
    say();
    light(found);
  }

  /** @param {Fragment[]} next */
  function light(next) {
    if (next === lit) return;
    lit = next;
    highlight?.clear();
    here?.clear();
    for (const [start, end] of next) highlight?.add(rangeOf(page.painter, start, end));
  }

  /** @param {1|-1} step */
  function go(step) {
    if (!found.length) return say();
    at = at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length;
    here?.clear();
    here?.add(rangeOf(page.painter, ...found[at]));
    scrollTo(page, found[at][0]);
    say();
  }

  function say() {
    count.textContent = !field.value.trim() ? "" : !found.length ? "Nowhere" : at < 0 ? found.length === MOST ? `the first ${MOST}` : `${found.length} found` : `${at + 1} of ${found.length}`;
    all.disabled = !found.length || !page.editable;
  }

  function take() {
    if (!page.editable) return;
    form.hidden = true;
    takeAll(page, found);
  }

  /** The place that was gone to stays selected, for the keys that follow. */
  function close() {
    const here = found[at];
    form.hidden = true;
    light([]);
    page.painter.root.focus({ preventScroll: true });
    if (here) select(page, { anchor: here[0], focus: here[1] }, true);
  }

  return {
    /** Repainted text loses what was lit in it, so the places are lit anew. */
    show() {
      const next = page.state.many.length ? page.state.many : form.hidden ? [] : found;
      const repainted = next.length > 0 && shown !== page.state.spans;
      shown = page.state.spans;
      if (repainted) lit = null;
      if (next.length || lit?.length !== 0) light(next);
    },
  };
}
