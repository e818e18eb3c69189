/** What an annotator may have overlooked before handing in; nothing of it stands in the way. */

/** @import {Span} from "./types.js" */
/** @import {State} from "./state.js" */
import { spansInOrder } from "./state.js";
import { hull } from "./text/segments.js";

/**
 * The spans with a stance toward nobody knows what; where there is one target, it is that.
 * @param {State} state
 * @param {{slug: string}[]} targets
 */
export const withoutTarget = (state, targets) =>
  (targets.length > 1 ? spansInOrder(state).filter((span) => span.stance && !span.target) : []);

/**
 * The spans whose stance is another than that of a span over the same words, toward the same target.
 * @param {State} state
 * @returns {Span[]} in the order of reading
 */
export function crossing(state) {
  /** @type {Set<Span>} */
  const found = new Set();
  /** @type {Span[]} */
  let open = [];
  const ordered = spansInOrder(state).filter((span) => span.stance);
  for (const span of ordered) {
    const [start] = hull(span.fragments);
    open = open.filter((other) => hull(other.fragments)[1] > start);
    for (const other of open) if (other.stance !== span.stance && other.target === span.target && meet(span, other)) found.add(span).add(other);
    open.push(span);
  }
  return ordered.filter((span) => found.has(span));
}

/**
 * @param {Span} one
 * @param {Span} other
 */
const meet = (one, other) => one.fragments.some(([a, b]) => other.fragments.some(([c, d]) => a < d && c < b));
