/** Moving about: the cursor over the text, and what is in hand. */

/** @import {Page} from "../page.js" */
/** @import {Hand, Selected, Span} from "../types.js" */
import * as marks from "../state.js";
import { stepped } from "../cursor.js";
import { shortened } from "../dom.js";
import { hull, paragraphAt } from "../text/segments.js";
import { codePointUnder, lineFrom, rangeOf, showSelection } from "../text/selection.js";
import { describe } from "../wording.js";
import { aim, finishDrawing } from "./relating.js";
import { reveal, scrollTo } from "./scrolling.js";

/**
 * A click or Enter on the text: takes the shortest span there, or at a second time the next one under it.
 * @param {Page} page
 * @param {string[]} ids candidates, shortest first
 */
export function takeAmong(page, ids) {
  const { hand, drawing } = page.state;
  if (drawing) {
    const allowed = new Set(marks.targetsOf(page.state).map((target) => target.id));
    const id = ids.find((candidate) => allowed.has(candidate));
    return id ? finishDrawing(page, { layer: "spans", id }) : undefined;
  }
  if (!ids.length) return take(page, null);
  const at = ids.indexOf(hand?.id ?? "");
  take(page, { layer: "spans", id: ids[(at + 1) % ids.length] });
}

/**
 * @param {Page} page
 * @param {Hand|null} hand
 * @param {boolean} [show] brings it into view
 */
export function take(page, hand, show = false) {
  if (page.state.drawing && hand) return finishDrawing(page, hand);
  if (page.state.selected) showSelection(page.painter, null);
  page.show({ ...page.state, hand, selected: null, chosen: new Set(), many: [], drawing: null });
  if (!hand) return;
  if (show) reveal(page, hand);
  page.announce(describe(page, hand));
}

/** @param {Page} page */
export function enter(page) {
  const { drawing } = page.state;
  if (drawing) return finishDrawing(page, drawing.target);
  const place = marks.place(page.state);
  if (!place) return;
  const [start, end] = [Math.min(place.anchor, place.focus), Math.max(place.anchor, place.focus)];
  const ids = marks.spansAt(page.state, start, end).map((span) => span.id);
  if (ids.length) takeAmong(page, ids);
  else page.announce("No span is here.");
}

/**
 * @param {Page} page
 * @param {1|-1} step
 */
export function step(page, step) {
  if (page.state.drawing) return aim(page, step);
  const ordered = marks.spansInOrder(page.state);
  const { hand } = page.state;
  const place = page.state.selected;
  const from = place && !hand ? nearest(page, ordered, place.focus, step) : undefined;
  const next = from ?? marks.nextOf(ordered, (span) => span.id === hand?.id, step);
  if (next) take(page, { layer: "spans", id: next.id }, true);
  else page.announce("There are no spans yet.");
}

/**
 * Takes the next span in hand and keeps those that were.
 * @param {Page} page
 * @param {1|-1} way
 */
export function chooseNext(page, way) {
  const kept = marks.inHand(page.state);
  step(page, way);
  page.show({ ...page.state, chosen: new Set(kept) });
  if (kept.length) page.announce(`${marks.inHand(page.state).length} spans in hand. ${describe(page, /** @type {Hand} */ (page.state.hand))}`);
}

/**
 * Takes a span in hand besides the others, or lets it go.
 * @param {Page} page
 * @param {string} id
 */
export function choose(page, id) {
  const kept = marks.inHand(page.state);
  const ids = kept.includes(id) ? kept.filter((other) => other !== id) : [...kept, id];
  const last = ids.at(-1);
  page.show({ ...page.state, selected: null, hand: last ? { layer: "spans", id: last } : null, chosen: new Set(ids) });
  page.announce(`${ids.length} spans in hand.`);
}

/**
 * @param {Page} page
 * @param {Span[]} ordered
 * @param {number} at
 * @param {1|-1} step
 */
export function nearest(page, ordered, at, step) {
  return step > 0 ? ordered.find((span) => hull(span.fragments)[0] >= at) : ordered.findLast((span) => hull(span.fragments)[0] < at);
}

/**
 * @param {Page} page
 * @param {(at: Selected|null) => Selected|null} motion
 */
export function move(page, motion) {
  const selected = motion(marks.place(page.state) ?? leftInView(page) ?? firstInView(page));
  if (selected) select(page, selected, true);
}

/**
 * Where the cursor was when it was let go, unless the reader has gone elsewhere since.
 * @param {Page} page
 */
export function leftInView(page) {
  const view = page.painter.root.closest(".reader")?.getBoundingClientRect();
  if (!page.left || !view) return null;
  const { anchor, focus } = page.left;
  const { top, bottom } = rangeOf(page.painter, Math.min(anchor, focus), Math.max(anchor, focus)).getBoundingClientRect();
  return bottom > view.top && top < view.bottom ? page.left : null;
}

/**
 * A place from which the first step goes to the first word in view.
 * @param {Page} page
 */
export function firstInView(page) {
  const { left, right, top } = page.painter.root.getBoundingClientRect();
  const view = page.painter.root.closest(".reader")?.getBoundingClientRect();
  if (!view || top >= view.top) return null;
  const rtl = rightward(page) < 0;
  const at = codePointUnder(page.painter, rtl ? right - 2 : left + 2, view.top + 24);
  return at ? { anchor: at, focus: at } : null;
}

/**
 * @param {Page} page
 * @param {"forward"|"backward"} direction
 * @param {boolean} extend
 */
export function moveLine(page, direction, extend) {
  const from = marks.place(page.state) ?? leftInView(page);
  if (!from) return move(page, (at) => stepped(page.words, "word", at, 1));
  const at = lineFrom(page.painter, Math.max(0, from.focus > from.anchor ? from.focus - 1 : from.focus), direction);
  if (at === null) return;
  const word = page.words.covering("word", at) ?? (direction === "forward" ? page.words.following("word", at) : page.words.preceding("word", at));
  if (!word) return select(page, from, false);
  select(page, extend ? { anchor: from.anchor, focus: word.start < from.anchor ? word.start : word.end } : { anchor: word.start, focus: word.end }, true);
}

/**
 * Which way the right arrow goes in the paragraph at the cursor.
 * @param {Page} page
 */
export function rightward(page) {
  const place = marks.place(page.state);
  const element = page.painter.element(paragraphAt(page.painter.paragraphs, place?.focus ?? 0));
  return getComputedStyle(element).direction === "rtl" ? -1 : 1;
}

/**
 * @param {Page} page
 * @param {Selected|null} selected
 * @param {boolean} [byKey] then the browser's selection follows, and it is read out
 */
export function select(page, selected, byKey = false) {
  const { selected: before } = page.state;
  if (before?.anchor === selected?.anchor && before?.focus === selected?.focus) return;
  page.show({ ...page.state, selected, ...selected && { chosen: new Set(), many: [] } });
  if (!byKey) return;
  showSelection(page.painter, selected);
  if (!selected) return;
  scrollTo(page, selected.focus);
  page.announce(shortened(page.painter.offsets.slice(Math.min(selected.anchor, selected.focus), Math.max(selected.anchor, selected.focus)), 200));
}

/** @param {Page} page */
export function letGo(page) {
  const open = Object.values(page.dialogs).find((dialog) => dialog.open);
  if (open) return open.close();
  if (document.activeElement instanceof HTMLElement && document.activeElement.closest("#side")) {
    page.openSheet(false);
    return page.painter.root.focus({ preventScroll: true });
  }
  if (page.state.drawing) {
    page.show({ ...page.state, drawing: null });
    return page.announce("No relation drawn.");
  }
  if (page.state.many.length) return page.show({ ...page.state, many: [] });
  page.left = marks.place(page.state) ?? page.left;
  if (page.state.selected) return select(page, null, true);
  page.notify(null);
  take(page, null);
}
