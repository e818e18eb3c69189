/** Finding a phrase, and taking all its places at once, for one label's key to mark. */

/** @import {Page} from "../page.js" */
/** @import {Fragment} from "../types.js" */
import * as marks from "../state.js";
import { showSelection } from "../text/selection.js";
import { placesOf } from "../text/finding.js";
import { counted } from "../wording.js";
import { scrollTo } from "./scrolling.js";

/**
 * @param {Page} page
 * @param {string} phrase
 * @param {{whole?: boolean}} [how]
 */
export const places = (page, phrase, how) => placesOf(page.set.document.text, page.painter.offsets, phrase, how);

/**
 * Makes these places what the next label's key marks.
 * @param {Page} page
 * @param {Fragment[]} found
 */
export function takeAll(page, found) {
  if (!found.length) return page.announce("There is no such place.");
  showSelection(page.painter, null);
  page.painter.root.focus({ preventScroll: true });
  page.show({ ...page.state, many: found, selected: null, chosen: new Set(), hand: null, drawing: null });
  scrollTo(page, found[0][0]);
  page.announce(`${counted(found.length, "place", "places")}. A label's key marks all of them; Escape leaves.`);
}

/**
 * All places of what is selected, or of the span in hand.
 * @param {Page} page
 */
export function takeAlike(page) {
  const phrase = chosenText(page);
  if (!phrase) return page.announce("Select some text first, or take a span in hand.");
  takeAll(page, places(page, phrase, { whole: true }));
}

/** @param {Page} page */
export function chosenText(page) {
  const chosen = marks.selection(page.state);
  const span = page.spanInHand();
  return chosen ? page.painter.offsets.slice(chosen.start, chosen.end).trim() : span?.fragments.length === 1 ? page.quote(span.fragments) : "";
}
