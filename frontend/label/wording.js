/** Spans and relations in words, for lists, announcements and messages. */

/** @import {Page} from "./page.js" */
/** @import {Kept, Span} from "./types.js" */
import * as marks from "./state.js";
import { shortened } from "./dom.js";
import { holderName } from "./labels.js";

/**
 * A span or relation in one sentence.
 * @param {Page} page
 * @param {{layer: Kept, id: string}} hand
 * @returns {string}
 */
export function describe(page, { layer, id }) {
  if (layer === "comments") return `Comment “\u2068${shortened(page.state.comments.get(id)?.text ?? "", 60)}\u2069”`;
  if (layer === "relations") {
    const relation = page.state.relations.get(id);
    if (!relation) return "";
    const to = marks.endId(relation.to);
    return `${page.labels.relationName(relation.label)}: ${describe(page, { layer: "spans", id: relation.from.span })} → ${describeEnd(page, { layer: "span" in relation.to ? "spans" : "relations", id: to })}`;
  }
  const span = page.state.spans.get(id);
  return span ? describeSpan(page, span) : "";
}

/**
 * What a relation leads to, behind its verb; another relation in brackets, with its own verb between its ends.
 * @param {Page} page
 * @param {import("./types.js").Hand} end
 * @returns {string}
 */
export function describeEnd(page, end) {
  const inner = end.layer === "relations" ? page.state.relations.get(end.id) : undefined;
  if (!inner) return describe(page, end);
  const to = describeEnd(page, { layer: "span" in inner.to ? "spans" : "relations", id: marks.endId(inner.to) });
  return `the relation (${describe(page, { layer: "spans", id: inner.from.span })} ${page.labels.relationName(inner.label).toLowerCase()} ${to})`;
}

/**
 * An object as the server has it, which this page may not show.
 * @param {Page} page
 * @param {any} object
 */
export function describeObject(page, object) {
  if (object?.fragments) return describeSpan(page, object);
  if (object?.text) return `“\u2068${shortened(object.text, 60)}\u2069”`;
  return object?.label ? page.labels.relationName(object.label) : "";
}

/**
 * @param {Page} page
 * @param {Span} span
 */
export function describeSpan(page, span) {
  const parts = [page.labels.stanceName(span.stance), page.labels.roleName(span.role), span.holder && holderName(page.state.holders, span.holder)];
  return `${parts.filter(Boolean).join(", ")}: “\u2068${shortened(page.excerpt(span.fragments), 60)}\u2069”`;
}

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
export const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;

/**
 * "supports" as seen from the other end; names that are no such verb keep their form with an arrow.
 */
export const passive = (/** @type {string} */ name) => (/^[a-z]+s$/.test(name) ? `${name.replace(/e?s$/, (end) => (end === "es" ? "e" : ""))}ed by`.replace("eed by", "ed by") : `← ${name}`);
