/** Making, changing and deleting marks: what the label keys, the fields and the delete key do. */

/** @import {Page} from "../page.js" */
/** @import {Fragment, Relation, Span} from "../types.js" */
import * as marks from "../state.js";
import { shortened } from "../dom.js";
import { capOf, holderName, slugOf } from "../labels.js";
import { newId } from "../outbox.js";
import { guessHolder } from "../holders.js";
import { prefer, preferred, pressed, snaps } from "../preferences.js";
import { hull, merged } from "../text/segments.js";
import { showSelection } from "../text/selection.js";
import { cutsWord, trimmed } from "../text/words.js";
import { counted } from "../wording.js";

/**
 * Gives a label to the fresh selection as a new span, or else to the span in hand.
 * @param {Page} page
 * @param {Partial<Span>} patch
 */
export function give(page, patch) {
  const { hand, many } = page.state;
  const chosen = trimmedSelection(page);
  const [[kind, slug]] = Object.entries(patch);
  const name = kind === "stance" ? page.labels.stanceName(String(slug)) : page.labels.roleName(String(slug));
  if (many.length) {
    const change = marks.labelAll(page.state, many, patch, () => ({ id: newId(), target: onlyTarget(page) }));
    page.state = { ...page.state, many: [] };
    page.show(page.state);
    page.change(change, `${name}: ${counted(change.length, "place", "places")}. Undo takes all of them back.`);
  } else if (chosen) {
    const id = newId();
    const change = marks.addSpan({ id, fragments: [[chosen.start, chosen.end]], target: onlyTarget(page), ...patch });
    page.state = { ...page.state, selected: null, drawing: null, chosen: new Set(), hand: { layer: "spans", id } };
    showSelection(page.painter, null);
    adviseOnWords(page, id, chosen);
    page.change(change, `${name}: ${shortened(page.painter.offsets.slice(chosen.start, chosen.end), 60)}`);
  } else if (hand?.layer === "spans") {
    alterAll(page, patch, String(name));
  } else {
    page.announce("Select some text first, or take a span in hand.");
  }
}

/**
 * Tells once in each browser, of the first span that cuts a word, that whole words may be had.
 * @param {Page} page
 * @param {string} id
 * @param {{start: number, end: number}} chosen
 */
function adviseOnWords(page, id, { start, end }) {
  if (!cutsWord(page.painter.offsets, start, end) || snaps() || preferred("words-told")) return;
  prefer("words-told", "yes");
  page.tip = { id, text: `The span begins or ends inside a word. ${capOf(pressed("shift+w"))}: the mouse selects whole words.` };
}

/** @param {Page} page */
export function onlyTarget(page) {
  const { targets } = page.set.scheme;
  return targets.length === 1 ? targets[0].slug : null;
}

/**
 * @param {Page} page
 * @param {Partial<Span>|Partial<Relation>} patch
 */
export function alterHand(page, patch) {
  const { hand } = page.state;
  const said = sayPatch(page, /** @type {Partial<Span>} */ (patch));
  if (hand?.layer === "spans" && !("note" in patch)) alterAll(page, /** @type {Partial<Span>} */ (patch), said);
  else if (hand) page.change(marks.alter(page.state, hand.layer, hand.id, patch), said);
}

/**
 * Changes every span in hand, as one change.
 * @param {Page} page
 * @param {Partial<Span>} patch
 * @param {string} [said]
 */
function alterAll(page, patch, said) {
  const ids = marks.inHand(page.state);
  page.change(ids.flatMap((id) => marks.alter(page.state, "spans", id, patch)), ids.length > 1 ? `${said}: ${ids.length} spans` : said);
}

/**
 * @param {Page} page
 * @param {Partial<Span>} patch
 */
export function sayPatch(page, patch) {
  const { holders } = page.state;
  if ("holder" in patch) return `Holder: ${holderName(holders, patch.holder ?? null) || "not judged"}`;
  if ("target" in patch) return `Target: ${page.labels.targetName(patch.target ?? null) ?? "not judged"}`;
  if ("stance" in patch) return `Stance: ${page.labels.stanceName(patch.stance ?? null) ?? "not judged"}`;
  if ("role" in patch) return `Role: ${page.labels.roleName(patch.role ?? null) ?? "not judged"}`;
  return "note" in patch ? "Note kept" : undefined;
}

/** @param {Page} page */
export function toggleExplicit(page) {
  const span = page.spanInHand();
  if (!span) return page.announce("Take a span in hand first.");
  const explicit = span.explicit === null ? true : span.explicit ? false : null;
  alterHand(page, { explicit });
  page.announce(explicit === null ? "Not judged whether said or implied" : explicit ? "Said" : "Implied");
}

/** @param {Page} page */
export function resize(page) {
  reshape(page, "moved to the selection", (_fragments, chosen) => [chosen]);
}

/** @param {Page} page */
export function addFragment(page) {
  reshape(page, "has one fragment more", (fragments, chosen) => merged([...fragments, chosen]));
}

/**
 * @param {Page} page
 * @param {string} said
 * @param {(fragments: Fragment[], chosen: Fragment) => Fragment[]} shape
 */
export function reshape(page, said, shape) {
  const span = page.spanInHand();
  const chosen = trimmedSelection(page);
  if (!span || !chosen) return page.announce("This needs a span in hand and a selection.");
  page.state = { ...page.state, selected: null };
  showSelection(page.painter, null);
  page.change(marks.alter(page.state, "spans", span.id, { fragments: shape(span.fragments, [chosen.start, chosen.end]) }), `The span ${said}.`);
  page.show(page.state);
}

/**
 * The selection without the white space at its ends; null when nothing is left.
 * @param {Page} page
 */
export function trimmedSelection(page) {
  const chosen = marks.selection(page.state);
  if (!chosen) return null;
  const { start, end } = trimmed(page.painter.offsets, chosen.start, chosen.end);
  return start < end ? { start, end } : null;
}

/** @param {Page} page */
export function removeHand(page) {
  const { hand } = page.state;
  if (!hand) return page.announce("Nothing is in hand to delete.");
  const ids = marks.inHand(page.state);
  if (ids.length > 1) return page.change(ids.flatMap((id) => marks.remove(page.state, "spans", id)), `${ids.length} spans deleted. Undo brings them back.`);
  const change = marks.remove(page.state, hand.layer, hand.id);
  const what = hand.layer === "relations" ? "Relation" : change.length > 1 ? `Span and ${change.length - 1} of its relations` : "Span";
  page.change(change, `${what} deleted. Undo brings it back.`);
}

/** @type {WeakMap<Span, string|null>} */
const guesses = new WeakMap();

/**
 * Who the span in hand may be by, if nobody is chosen yet.
 * @param {Page} page
 */
export function suggested(page) {
  const span = page.spanInHand();
  if (!span || span.holder || !page.editable) return null;
  const [start, end] = hull(span.fragments).map(page.painter.offsets.toUnits);
  if (!guesses.has(span)) guesses.set(span, guessHolder(page.set.document.text, start, end, page.state.holders));
  return guesses.get(span) ?? null;
}

/** @param {Page} page */
export function takeSuggested(page) {
  const holder = suggested(page);
  if (holder) alterHand(page, { holder });
  else page.announce("No holder is suggested here.");
}

/**
 * Creates a holder in place and gives it to the span in hand.
 * @param {Page} page
 * @param {string} name
 * @param {string|null} parent
 */
export function createHolder(page, name, parent) {
  if (!page.editable) return page.refuse();
  const holder = { slug: slugOf(name, new Set(page.state.holders.map((h) => h.slug))), name: name.trim(), parent };
  page.meetHolder(holder);
  page.send({ layer: "holders", id: holder.slug, method: "POST", body: holder });
  alterHand(page, { holder: holder.slug });
}

/**
 * @param {Page} page
 * @param {string} group
 * @param {string|null} slug
 */
export function labelDocument(page, group, slug) {
  page.change(marks.labelDocument(page.state, group, slug));
}
