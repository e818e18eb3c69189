/**
 * What is marked, and every way it may change; nothing here knows of a screen, a server or a clock.
 * A change is a list of operations. Applying one gives the new state and the operations that take it back.
 */

/** @import {AnnotationSet, Comment, End, Fragment, Hand, Holder, Kept, Layer, Relation, Selected, Span} from "./types.js" */
import { hull, inReadingOrder, merged } from "./text/segments.js";

/**
 * @typedef {{kind: "put", layer: Kept, object: Span|Relation|Comment, restore?: boolean}
 *   | {kind: "remove", layer: Kept, id: string, along?: boolean}
 *   | {kind: "document-label", group: string, slug: string|null}} Operation
 *   restore: the server has a tombstone for it; along: it goes with the object that it hangs on
 * @typedef {Operation[]} Change
 * @typedef {Object} State
 * @property {Map<string, Span>} spans
 * @property {Map<string, Relation>} relations
 * @property {Map<string, Comment>} comments
 * @property {Object<string, string|null>} documentLabels
 * @property {Holder[]} holders
 * @property {Set<string>} gone ids that were removed in this visit
 * @property {Change[]} undo
 * @property {Change[]} redo
 * @property {Hand|null} hand
 * @property {Selected|null} selected
 * @property {Set<string>} chosen the spans that are in hand besides the one
 * @property {Fragment[]} many places that the next label is for
 * @property {{label: string, from: string, target: Hand|null}|null} drawing
 * @property {boolean} editable
 */

/**
 * @param {AnnotationSet} set
 * @returns {State}
 */
export function opened(set) {
  return {
    spans: new Map(set.spans.map((span) => [span.id, span])),
    relations: new Map(set.relations.map((relation) => [relation.id, relation])),
    comments: new Map((set.comments ?? []).map((comment) => [comment.id, comment])),
    documentLabels: { ...set.document_labels },
    holders: set.scheme.holders,
    gone: new Set(), undo: [], redo: [], hand: null, selected: null, chosen: new Set(), many: [], drawing: null, editable: set.editable,
  };
}

// Changing

/**
 * The state after a change that may be undone. An empty change is none.
 * @param {State} state
 * @param {Change} change
 */
export function committed(state, change) {
  if (!change.length) return { state, sent: change };
  const { state: next, inverse, sent } = applied(state, change);
  return { state: { ...next, undo: [...state.undo, inverse], redo: [] }, sent };
}

/**
 * The state before the last change, or null when there is none to take back.
 * @param {State} state
 */
export const undone = (state) => moved(state, "undo", "redo");

/**
 * The state with the last undone change made again, or null when there is none.
 * @param {State} state
 */
export const redone = (state) => moved(state, "redo", "undo");

/**
 * @param {State} state
 * @param {"undo"|"redo"} from
 * @param {"undo"|"redo"} to
 */
function moved(state, from, to) {
  const change = state[from].at(-1);
  if (!change) return null;
  const { state: next, inverse, sent } = applied(state, change);
  return { state: { ...next, [from]: state[from].slice(0, -1), [to]: [...state[to], inverse] }, sent };
}

/**
 * The state after a change, the change that takes it back, and the change as the server must hear it.
 * @param {State} state
 * @param {Change} change
 */
export function applied(state, change) {
  /** @type {Change} */
  const inverse = [];
  /** @type {Change} */
  const sent = [];
  let next = { ...state, spans: new Map(state.spans), relations: new Map(state.relations), comments: new Map(state.comments), gone: new Set(state.gone) };
  for (const operation of change) {
    if (operation.kind === "document-label") {
      inverse.unshift({ ...operation, slug: next.documentLabels[operation.group] ?? null });
      next = { ...next, documentLabels: { ...next.documentLabels, [operation.group]: operation.slug } };
      sent.push(operation);
      continue;
    }
    /** @type {Map<string, any>} */
    const objects = next[operation.layer];
    const id = operation.kind === "put" ? operation.object.id : operation.id;
    const before = objects.get(id);
    if (operation.kind === "put") {
      objects.set(id, operation.object);
      inverse.unshift(before ? { kind: "put", layer: operation.layer, object: before } : { kind: "remove", layer: operation.layer, id });
      sent.push(next.gone.delete(id) ? { ...operation, restore: true } : operation);
    } else if (before) {
      objects.delete(id);
      next.gone.add(id);
      inverse.unshift({ kind: "put", layer: operation.layer, object: before });
      sent.push(operation);
    }
  }
  return { state: withoutLostHand(next), inverse, sent };
}

/**
 * The state with one object as the server has it now (null: deleted there). No change of the annotator's, so nothing to undo.
 * @param {State} state
 * @param {Kept} layer
 * @param {string} id
 * @param {Span|Relation|Comment|null} object
 */
export function adopted(state, layer, id, object) {
  /** @type {Map<string, any>} */
  const objects = new Map(/** @type {Map<string, any>} */ (state[layer]));
  if (object) objects.set(id, object);
  else objects.delete(id);
  return withoutLostHand({ ...state, [layer]: objects });
}

/**
 * The state without the changes that were about these: taking one back would undo what somebody did elsewhere meanwhile.
 * @param {State} state
 * @param {Set<string>} ids of objects; "": the document's labels
 * @returns {State}
 */
export function forgotten(state, ids) {
  const about = (/** @type {Operation} */ operation) => (operation.kind === "document-label" ? "" : operation.kind === "put" ? operation.object.id : operation.id);
  const kept = (/** @type {Change[]} */ changes) => changes.filter((change) => !change.some((operation) => ids.has(about(operation))));
  return { ...state, undo: kept(state.undo), redo: kept(state.redo) };
}

/**
 * @param {State} state
 * @returns {State}
 */
function withoutLostHand(state) {
  const { hand, drawing } = state;
  return {
    ...state,
    hand: hand && state[hand.layer].has(hand.id) ? hand : null,
    chosen: new Set([...state.chosen].filter((id) => state.spans.has(id))),
    drawing: drawing && state.spans.has(drawing.from) ? drawing : null,
  };
}

// The changes there are

/**
 * @param {Partial<Span> & {id: string, fragments: Fragment[]}} span
 * @returns {Change}
 */
export const addSpan = (span) => [{
  kind: "put", layer: "spans",
  object: { stance: null, role: null, holder: null, target: null, explicit: null, note: "", confidence: null, ...span, fragments: merged(span.fragments) },
}];

/**
 * An empty change if it would alter nothing.
 * @param {State} state
 * @param {Layer} layer
 * @param {string} id
 * @param {Partial<Span>|Partial<Relation>} patch
 * @returns {Change}
 */
export function alter(state, layer, id, patch) {
  const before = state[layer].get(id);
  if (!before) return [];
  const object = /** @type {Span|Relation} */ ({ ...before, ...patch });
  return JSON.stringify(object) === JSON.stringify(before) ? [] : [{ kind: "put", layer, object }];
}

/**
 * Takes along every relation that hangs on it, directly or through another relation; those first, so that undo brings the span first.
 * @param {State} state
 * @param {Kept} layer
 * @param {string} id
 * @returns {Change}
 */
export function remove(state, layer, id) {
  /** @type {Change} */
  const along = hangingOn(state, id).reverse().map((relation) => ({ kind: "remove", layer: "relations", id: relation.id, along: true }));
  return state[layer].has(id) ? [...along, { kind: "remove", layer, id }] : [];
}

/**
 * @param {{id: string, label: string, from: string, to: Hand}} relation
 * @returns {Change}
 */
export const addRelation = ({ id, label, from, to }) => [{
  kind: "put", layer: "relations",
  object: { id, label, from: { span: from }, to: to.layer === "spans" ? { span: to.id } : { relation: to.id }, note: "", confidence: null },
}];

/**
 * @param {State} state
 * @param {string} group
 * @param {string|null} slug
 * @returns {Change}
 */
export const labelDocument = (state, group, slug) =>
  (state.documentLabels[group] ?? null) === slug ? [] : [{ kind: "document-label", group, slug }];

/**
 * Labels all these places: what is marked there already takes the label, the rest becomes spans.
 * @param {State} state
 * @param {Fragment[]} places
 * @param {Partial<Span>} patch
 * @param {(place: Fragment) => Partial<Span> & {id: string}} fresh what else a new span has
 * @returns {Change}
 */
export function labelAll(state, places, patch, fresh) {
  const there = new Map([...state.spans.values()].map((span) => [span.fragments.join(";"), span]));
  return places.flatMap((place) => {
    const span = there.get(place.join());
    return span ? alter(state, "spans", span.id, patch) : addSpan({ fragments: [place], ...fresh(place), ...patch });
  });
}

/**
 * The spans that are in hand: the one, and those chosen besides.
 * @param {State} state
 */
export const inHand = ({ hand, chosen }) => (hand?.layer === "spans" ? [...new Set([hand.id, ...chosen])] : []);

// Reading

/** @param {State} state */
export const spansInOrder = (state) => [...state.spans.values()].sort(inReadingOrder);

/** @param {End} end */
export const endId = (end) => ("span" in end ? end.span : end.relation);

/**
 * The relations that begin or end at an object itself.
 * @param {State} state
 * @param {string} id
 */
export const relationsAt = (state, id) =>
  [...state.relations.values()].filter((r) => r.from.span === id || endId(r.to) === id);

/**
 * Everything that would fall with an object: relations at it, relations at those, and so on; nearest first.
 * @param {State} state
 * @param {string} id
 * @returns {Relation[]}
 */
export function hangingOn(state, id) {
  const found = new Map();
  const waiting = [id];
  while (waiting.length) {
    for (const relation of relationsAt(state, /** @type {string} */ (waiting.shift()))) {
      if (found.has(relation.id)) continue;
      found.set(relation.id, relation);
      waiting.push(relation.id);
    }
  }
  return [...found.values()];
}

/**
 * The spans at the far ends of an object's relations.
 * @param {State} state
 * @param {string} id
 */
export function partnersOf(state, id) {
  const partners = new Set();
  for (const relation of relationsAt(state, id)) {
    for (const end of [relation.from.span, endId(relation.to)]) {
      const inner = state.relations.get(end);
      for (const span of inner ? [inner.from.span, endId(inner.to)] : [end]) if (span !== id && state.spans.has(span)) partners.add(span);
    }
  }
  return partners;
}

/**
 * What a relation under way may end at, in reading order from its source on, then the relations.
 * A pair that already stands with the same label is not offered again.
 * @param {State} state
 * @returns {Hand[]}
 */
export function targetsOf(state) {
  const { drawing } = state;
  if (!drawing) return [];
  const ordered = spansInOrder(state).map((span) => span.id);
  const at = ordered.indexOf(drawing.from);
  const taken = new Set([...state.relations.values()]
    .filter((r) => r.label === drawing.label && r.from.span === drawing.from).map((r) => endId(r.to)));
  const free = (/** @type {string} */ id) => id !== drawing.from && !taken.has(id);
  const relations = [...state.relations.values()].filter((r) => r.from.span !== drawing.from);
  return [
    ...[...ordered.slice(at + 1), ...ordered.slice(0, at)].filter(free).map((id) => ({ layer: /** @type {Layer} */ ("spans"), id })),
    ...relations.map((r) => r.id).filter(free).map((id) => ({ layer: /** @type {Layer} */ ("relations"), id })),
  ];
}

/**
 * The next of a list of things after the one given, round the end; the first (or last) when none is given.
 * @template T
 * @param {T[]} things
 * @param {(thing: T) => boolean} isCurrent
 * @param {1|-1} step
 * @returns {T|undefined}
 */
export function nextOf(things, isCurrent, step) {
  const at = things.findIndex(isCurrent);
  if (at < 0) return step > 0 ? things[0] : things.at(-1);
  return things[(at + step + things.length) % things.length];
}

/**
 * The spans at a place, the shortest first: what a click or Enter there means.
 * @param {State} state
 * @param {number} start
 * @param {number} end
 */
export function spansAt(state, start, end) {
  const size = (/** @type {Span} */ span) => span.fragments.reduce((sum, [a, b]) => sum + b - a, 0);
  return [...state.spans.values()]
    .filter((span) => span.fragments.some(([a, b]) => a < Math.max(end, start + 1) && start < b))
    .sort((a, b) => size(a) - size(b) || inReadingOrder(a, b));
}

/**
 * What is selected, from left to right, or null when it is empty.
 * @param {State} state
 */
export function selection(state) {
  if (!state.selected) return null;
  const { anchor, focus } = state.selected;
  return anchor === focus ? null : { start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
}

/**
 * Where the cursor stands: the selection's moving end, or the span in hand.
 * @param {State} state
 */
export function place(state) {
  if (state.selected) return state.selected;
  const span = state.hand?.layer === "spans" ? state.spans.get(state.hand.id) : undefined;
  if (!span) return null;
  const [anchor, focus] = hull(span.fragments);
  return { anchor, focus };
}

/**
 * The text of a span as the server spells it: its fragments' texts joined by one space.
 * @param {Fragment[]} fragments
 * @param {(start: number, end: number) => string} slice
 */
export const quoteOf = (fragments, slice) => fragments.map(([start, end]) => slice(start, end)).join(" ");
