/** The argument as a graph: its spans in the order of reading, each as far in as it is from what it argues for. */

/** @import {Relation, Span} from "./types.js" */
/** @import {State} from "./state.js" */
import { endId, relationsAt, spansInOrder } from "./state.js";

/** Deeper than this the picture would have no room for words. */
export const DEEPEST = 5;

/**
 * @typedef {{id: string, span: Span, row: number, depth: number}} Node
 * @typedef {{relation: Relation, from: Node, to: Node|null, onto: string|null}} Edge onto: the relation it ends at
 */

/**
 * @param {Pick<State, "spans"|"relations">} state
 * @returns {{nodes: Node[], edges: Edge[], bare: Span[]}} bare: the claims that nothing is related to
 */
export function graphOf(state) {
  const { relations } = state;
  /** @type {Map<string, Relation[]>} */
  const away = new Map();
  for (const relation of relations.values()) away.set(relation.from.span, [...away.get(relation.from.span) ?? [], relation]);
  const tied = new Set([...relations.values()].flatMap((relation) => [relation.from.span, endId(relation.to)]));
  /** @type {Map<string, number>} */
  const depths = new Map();

  /**
   * @param {string} id
   * @param {string[]} path what led here; a ring ends where it began
   * @returns {number}
   */
  function depthOf(id, path) {
    const known = depths.get(id);
    if (known !== undefined) return known;
    if (path.includes(id)) return -1;
    const ends = (away.get(id) ?? []).map(({ to }) => ("span" in to ? to.span : relations.get(to.relation)?.from.span ?? ""));
    const depth = Math.min(DEEPEST, 1 + Math.max(-1, ...ends.map((end) => depthOf(end, [...path, id]))));
    if (!path.length) depths.set(id, depth);
    return depth;
  }

  const ordered = spansInOrder(/** @type {State} */ (state));
  const nodes = ordered.filter((span) => tied.has(span.id)).map((span, row) => ({ id: span.id, span, row, depth: depthOf(span.id, []) }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = [...relations.values()].flatMap((relation) => {
    const from = byId.get(relation.from.span);
    const to = "span" in relation.to ? byId.get(relation.to.span) ?? null : null;
    const onto = "relation" in relation.to ? relation.to.relation : null;
    return from && (to || onto) ? [{ relation, from, to, onto }] : [];
  });
  const bare = ordered.filter((span) => /claim|thesis|conclusion/.test(span.role ?? "") && !relationsAt(/** @type {State} */ (state), span.id).length);
  return { nodes, edges, bare };
}
