/** Relations as arcs in the margin beside the text. The list of relations says the same in words. */

/** @import {Page} from "../page.js" */
/** @import {Relation, Span} from "../types.js" */
import { byId, watching } from "../dom.js";
import { endId } from "../state.js";
import { hull, paragraphAt } from "../text/segments.js";
import { rangeOf } from "../text/selection.js";
import { describe } from "../wording.js";
import { take } from "../verbs/moving.js";

const SVG = "http://www.w3.org/2000/svg";
/** How far one line stands from the next in the margin, in pixels: as far as there is room. */
const [STEP, LEAST] = [9, 4];

/**
 * @typedef {{relation: Relation, y1: number, y2: number, lane: number}} Arc
 */

/** @param {Page} page */
export function createArcs(page) {
  const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId("arcs")));
  const { painter } = page;
  const changed = watching();
  /** @type {Map<string, SVGElement>} */
  let groups = new Map();
  /** @type {WeakMap<Span, number>|null} the text never moves under a span, so its height holds until the layout changes */
  let heights = null;   // and it changes as soon as there is one

  svg.addEventListener("click", (event) => {
    const id = event.target instanceof Element ? event.target.closest("g")?.dataset.id : undefined;
    if (id) take(page, { layer: "relations", id });
  });

  /** Draws again only what a change can have moved or renamed: with hundreds of arcs that is the most that a key would cost. */
  function show() {
    const { relations, spans } = page.state;
    const ends = [...relations.values()].flatMap((relation) => [relation, spans.get(relation.from.span), spans.get(endId(relation.to))]);
    if (!heights) return;
    if (changed(heights, page.state.holders, ...ends)) draw([...relations.values()]);
    mark();
  }

  /** @param {Relation[]} relations */
  function draw(relations) {
    const width = svg.clientWidth;
    const origin = svg.getBoundingClientRect().top;
    const arcs = lanesOf(relations, (id) => spanY(id, origin));
    const lanes = Math.max(1, ...[...arcs.values()].map(({ lane }) => lane + 1));
    const room = width - 14;
    const step = Math.min(STEP, Math.max(LEAST, room / lanes));
    const most = Math.max(1, Math.floor(room / step));
    const at = (/** @type {number} */ lane) => width - 12 - step * (lane % most);
    groups = new Map([...arcs].map(([id, arc]) => [id, drawn(arc, arcs, width, at)]));
    svg.replaceChildren(...groups.values());
  }

  /** Brings up the arcs of what is in hand, and the one that a relation under way would end at. */
  function mark() {
    const { hand, drawing } = page.state;
    for (const [id, group] of groups) {
      const relation = page.state.relations.get(id);
      const live = relation && hand && [relation.id, relation.from.span, endId(relation.to)].includes(hand.id);
      const name = live ? "live" : drawing?.target?.id === id ? "aim" : "";
      if (group.getAttribute("class") !== name) group.setAttribute("class", name);
    }
  }

  /**
   * The height of a span's first line. What the browser has not laid out yet is guessed, so that asking does not make it.
   * @param {string} id
   * @param {number} origin
   */
  function spanY(id, origin) {
    const span = page.state.spans.get(id);
    if (!span) return null;
    const known = heights?.get(span);
    if (known !== undefined) return known;
    const y = measured(hull(span.fragments)[0], origin);
    heights?.set(span, y);
    return y;
  }

  /**
   * @param {number} start
   * @param {number} origin
   */
  function measured(start, origin) {
    const { paragraphs } = painter;
    const index = paragraphAt(paragraphs, start);
    const paragraph = painter.element(index);
    if (paragraph.checkVisibility?.({ contentVisibilityAuto: true }) === false) {
      const chunk = /** @type {HTMLElement} */ (paragraph.parentElement);
      const box = chunk.getBoundingClientRect();
      const first = paragraphs[painter.indexOf(chunk.firstElementChild)].start;
      const last = paragraphs[painter.indexOf(chunk.lastElementChild)].end;
      return box.top - origin + box.height * (start - first) / Math.max(1, last - first);
    }
    const box = rangeOf(painter, start, start + 1).getClientRects()[0] ?? paragraph.getBoundingClientRect();
    return (box.top + box.bottom) / 2 - origin;
  }

  /** Draws again where everything is now, after the layout has changed. */
  function measure() {
    heights = new WeakMap();
    show();
  }

  /**
   * @param {Arc} arc
   * @param {Map<string, Arc>} arcs
   * @param {number} width
   * @param {(lane: number) => number} at
   */
  function drawn({ relation, y1, y2, lane }, arcs, width, at) {
    const x = at(lane);
    const inner = "relation" in relation.to ? arcs.get(relation.to.relation) : undefined;
    const end = inner ? at(inner.lane) - 2 : width - 2;
    const kind = relation.label === "supports" ? 0 : relation.label === "attacks" ? 1 : page.labels.relations.findIndex((l) => l.slug === relation.label);
    const group = svgOf("g", { "data-id": relation.id, "data-kind": kind });
    const title = svgOf("title");
    title.textContent = describe(page, { layer: "relations", id: relation.id });
    const bend = Math.min(5, Math.abs(y2 - y1) / 2);
    const way = y2 > y1 ? 1 : -1;
    const line = (/** @type {number} */ gap) => `M${width - 2} ${y1 - gap * way}H${x + bend - gap}Q${x - gap} ${y1 - gap * way} ${x - gap} ${y1 + (bend - gap) * way}`
      + `V${y2 - (bend - gap) * way}Q${x - gap} ${y2 + gap * way} ${x + bend - gap} ${y2 + gap * way}H${end - (kind === 0 ? 3 : 1)}`;
    group.append(title, path(line(0), "hit"));
    if (kind === 1) group.append(path(line(1.5), "line"), path(line(-1.5), "line"), path(`M${end - 1} ${y2 - 5}V${y2 + 5}`, "bar"));
    else group.append(path(line(0), "line"), path(endMark(kind, end, y2), kind === 0 ? "tip" : "knot"));
    return group;
  }

  return { show, measure };
}

/**
 * The end of a relation that is no attack: an arrow for support, other shapes for what else a scheme has.
 * @param {number} kind
 * @param {number} x
 * @param {number} y
 */
export function endMark(kind, x, y) {
  if (kind === 0) return `M${x} ${y}l-6 -3.5v7z`;
  if (kind % 2) return `M${x} ${y}l-4 -4l-4 4l4 4z`;
  return `M${x} ${y}a3 3 0 1 0 -6 0a3 3 0 1 0 6 0z`;
}

/**
 * @param {string} d
 * @param {string} name
 */
export const path = (d, name) => svgOf("path", { d, class: name });

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Object<string, string|number>} [attributes]
 */
export function svgOf(tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/**
 * Where each relation is drawn: short ones near the text, none over another, one onto a relation further out than that.
 * Relations whose ends are missing, or which point at each other in a ring, are left out of the picture (not of the list).
 * @param {Relation[]} relations
 * @param {(span: string) => number|null} spanY
 * @returns {Map<string, Arc>}
 */
export function lanesOf(relations, spanY) {
  /** @type {Map<string, Arc>} */
  const arcs = new Map();
  /** @type {{y1: number, y2: number}[][]} */
  const lanes = [];
  let waiting = relations;
  while (waiting.length) {
    const ready = waiting.flatMap((relation) => {
      const y1 = spanY(relation.from.span);
      const y2 = "span" in relation.to ? spanY(relation.to.span) : middle(arcs.get(relation.to.relation));
      return y1 === null || y2 === null ? [] : [{ relation, y1, y2, lane: 0 }];
    }).sort((a, b) => Math.abs(a.y1 - a.y2) - Math.abs(b.y1 - b.y2));
    if (!ready.length) break;
    for (const arc of ready) {
      const inner = "relation" in arc.relation.to ? arcs.get(arc.relation.to.relation) : undefined;
      const low = Math.min(arc.y1, arc.y2) - 3;
      const high = Math.max(arc.y1, arc.y2) + 3;
      arc.lane = inner ? inner.lane + 1 : 0;
      while ((lanes[arc.lane] ?? []).some(({ y1, y2 }) => low < y2 && y1 < high)) arc.lane += 1;
      (lanes[arc.lane] ??= []).push({ y1: low, y2: high });
      arcs.set(arc.relation.id, arc);
    }
    waiting = waiting.filter((relation) => !arcs.has(relation.id));
  }
  spread([...arcs.values()]);
  return arcs;
}

/**
 * Ends that meet at one span stand apart, in the order in which their lines do not cross: from the top, those that go up
 * (short before long), then those that go down (long before short).
 * @param {Arc[]} arcs
 */
function spread(arcs) {
  /** @type {Map<string, {arc: Arc, end: "y1"|"y2", way: number}[]>} */
  const ends = new Map();
  for (const arc of arcs) {
    const meet = (/** @type {string} */ span, /** @type {"y1"|"y2"} */ end, /** @type {number} */ way) => ends.set(span, [...ends.get(span) ?? [], { arc, end, way }]);
    meet(arc.relation.from.span, "y1", arc.y2 - arc.y1);
    if ("span" in arc.relation.to) meet(arc.relation.to.span, "y2", arc.y1 - arc.y2);
  }
  for (const own of ends.values()) {
    own.sort((a, b) => Math.sign(a.way) - Math.sign(b.way) || b.way - a.way);
    const gap = Math.min(6, 22 / Math.max(1, own.length - 1));
    own.forEach(({ arc, end }, k) => { arc[end] += (k - (own.length - 1) / 2) * gap; });
  }
  for (const arc of arcs) if (Math.abs(arc.y1 - arc.y2) < 8) {   // both on one line: a small loop
    arc.y1 -= 5;
    arc.y2 += 5;
  }
}

const middle = (/** @type {Arc|undefined} */ arc) => (arc ? (arc.y1 + arc.y2) / 2 : null);
