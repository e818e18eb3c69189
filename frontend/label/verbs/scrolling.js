/** Bringing a place of the text into view. */

/** @import {Page} from "../page.js" */
/** @import {Hand} from "../types.js" */
import { hull, paragraphAt } from "../text/segments.js";
import { rangeOf } from "../text/selection.js";

/**
 * @param {Page} page
 * @param {Hand|null} hand
 */
export function reveal(page, hand) {
  const span = hand?.layer === "spans" ? page.state.spans.get(hand.id)
    : page.state.spans.get(page.state.relations.get(hand?.id ?? "")?.from.span ?? "");
  if (span) scrollTo(page, hull(span.fragments)[0]);
}

/**
 * Brings a place into view, if it is not, a third from the top.
 * @param {Page} page
 * @param {number} at
 */
export function scrollTo(page, at) {
  const reader = page.painter.root.closest(".reader");
  if (!reader) return;
  const box = boxAt(page, at);
  const view = reader.getBoundingClientRect();
  if (box.top < view.top + 24 || box.bottom > view.bottom - 48) reader.scrollTop += box.top - view.top - view.height / 3;
}

/**
 * @param {Page} page
 * @param {number} at
 */
export function boxAt(page, at) {
  const range = rangeOf(page.painter, at, Math.min(at + 1, page.painter.offsets.length));
  return range.getClientRects()[0] ?? page.painter.element(paragraphAt(page.painter.paragraphs, at)).getBoundingClientRect();
}
