/** Drawing a relation: from the span in hand, over the ends it may have, to the one that is taken. */

/** @import {Page} from "../page.js" */
/** @import {Hand} from "../types.js" */
import * as marks from "../state.js";
import { newId } from "../outbox.js";
import { showSelection } from "../text/selection.js";
import { describe, describeEnd } from "../wording.js";
import { reveal } from "./scrolling.js";

/**
 * Begins a relation from the span in hand; with a relation in hand, changes its kind.
 * @param {Page} page
 * @param {string} label
 */
export function draw(page, label) {
  const { hand } = page.state;
  if (hand?.layer === "relations") return page.change(marks.alter(page.state, "relations", hand.id, { label }), page.labels.relationName(label));
  if (!hand) return page.announce("Take a span in hand first: the one that supports or attacks.");
  if (!endsFor(page, label, hand.id).length) return page.announce("There is nothing else to relate it to yet.");
  showSelection(page.painter, null);
  page.show({ ...page.state, selected: null, drawing: { label, from: hand.id, target: null } });
  page.announce(`${page.labels.relationName(label)}: choose the other end. Tab for the next, Enter to take it, Escape to leave.`);
}

/**
 * What a relation of this kind from this span may end at.
 * @param {Page} page
 * @param {string} label
 * @param {string} from
 */
export const endsFor = (page, label, from) => marks.targetsOf({ ...page.state, drawing: { label, from, target: null } });

/**
 * Draws a relation at once; its source stays in hand.
 * @param {Page} page
 * @param {string} label
 * @param {string} from
 * @param {Hand} to
 */
export function relate(page, label, from, to) {
  page.state = { ...page.state, drawing: null, hand: { layer: "spans", id: from } };
  page.change(marks.addRelation({ id: newId(), label, from, to }), `${page.labels.relationName(label)}: ${describeEnd(page, to)}`);
}

/**
 * @param {Page} page
 * @param {1|-1} step
 */
export function aim(page, step) {
  const { drawing } = page.state;
  if (!drawing) return;
  const targets = marks.targetsOf(page.state);
  const target = marks.nextOf(targets, (t) => t.id === drawing.target?.id, step);
  if (!target) return;
  page.show({ ...page.state, drawing: { ...drawing, target } });
  reveal(page, target);
  page.announce(`${describe(page, target)}, ${targets.indexOf(target) + 1} of ${targets.length}`);
}

/**
 * @param {Page} page
 * @param {Hand|null} to
 */
export function finishDrawing(page, to) {
  const { drawing } = page.state;
  if (!drawing || !to) return;
  if (marks.targetsOf(page.state).some((target) => target.id === to.id)) return relate(page, drawing.label, drawing.from, to);
  page.show({ ...page.state, drawing: null, hand: { layer: "spans", id: drawing.from } });
  page.announce("That relation is there already, or would end where it begins.");
}
