/** Undo that outlasts a reload: what a visit did, kept beside the marks it led to, and taken up again only on those very marks. */

/** @import {State} from "./state.js" */

/** More than these changes nobody takes back one by one. */
const MOST = 300;

/**
 * What is marked, spelled the same wherever it came from.
 * @param {State} state
 */
function marksOf({ spans, relations, comments, documentLabels }) {
  const inOrder = (/** @type {Iterable<any>} */ objects, /** @type {string[]} */ names) => [...objects].sort((a, b) => (a.id < b.id ? -1 : 1)).map((object) => names.map((name) => object[name] ?? null));
  return JSON.stringify([
    inOrder(spans.values(), ["id", "fragments", "stance", "role", "holder", "target", "explicit", "note", "confidence"]),
    inOrder(relations.values(), ["id", "label", "from", "to", "note", "confidence"]),
    inOrder(comments.values(), ["id", "text", "span", "reply_to"]),
    Object.entries(documentLabels).filter(([, slug]) => slug).sort(),
  ]);
}

/**
 * The visit as a text to keep.
 * @param {State} state
 */
export const packed = (state) => JSON.stringify({ marks: marksOf(state), undo: state.undo.slice(-MOST), redo: state.redo.slice(-MOST), gone: [...state.gone] });

/**
 * The state with the visit that was kept, where nothing was changed in between; else as it is.
 * @param {State} state
 * @param {string|null} kept
 * @returns {State}
 */
export function unpacked(state, kept) {
  if (!kept || state.undo.length) return state;
  const { marks, undo, redo, gone } = JSON.parse(kept);
  return marks === marksOf(state) ? { ...state, undo, redo, gone: new Set(gone) } : state;
}
