/** The map: who supports or attacks what, as a picture that follows the reading. The list of relations says the same in words. */

/** @import {Page} from "../page.js" */
/** @import {Edge, Node} from "../graph.js" */
import { byId, element, shortened, watching } from "../dom.js";
import { graphOf } from "../graph.js";
import { endId } from "../state.js";
import { hull } from "../text/segments.js";
import { codePointUnder } from "../text/selection.js";
import { take } from "../verbs/moving.js";
import { counted, describe } from "../wording.js";
import { endMark, path, svgOf } from "./arcs.js";

const ROW = 40;
const BOX = 28;
const STEP = 24;
const NARROWEST = 250;

/** @param {Page} page */
export function createMap(page) {
  const view = byId("map");
  const scroller = /** @type {HTMLElement} */ (view.closest(".lists"));
  const bare = byId("bare");
  const changed = watching();
  let zoom = 1;
  /** @type {ReturnType<typeof graphOf>} */
  let graph = { nodes: [], edges: [], bare: [] };

  const choose = (/** @type {Event} */ { target }) => {
    const { layer, id } = target instanceof Element ? /** @type {HTMLElement|null} */ (target.closest("[data-layer]"))?.dataset ?? {} : {};
    if (id) take(page, { layer: /** @type {"spans"} */ (layer), id }, true);
  };
  view.addEventListener("click", choose);
  bare.addEventListener("click", choose);
  for (const [id, by] of /** @type {const} */ ([["map-in", 1.25], ["map-out", 0.8], ["map-wide", 0]])) byId(id).addEventListener("click", () => scale(by));
  view.addEventListener("keydown", (event) => {
    const by = { "+": 1.25, "=": 1.25, "-": 0.8, 0: 0 }[event.key];
    if (by !== undefined) scale(by);
    else if (event.key === "Enter") page.painter.root.focus({ preventScroll: true });
    else if (event.key.startsWith("Arrow") && !event.ctrlKey) walk(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  let asked = 0;
  // At the end once more: where the browser had not laid the text out, the first look found nothing.
  for (const name of ["scroll", "scrollend"]) page.painter.root.closest(".reader")?.addEventListener(name, () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      if (page.tab === "map") follow();
    });
  });
  page.editors.map = () => {
    const there = document.activeElement === view;
    page.openTab(there ? "spans" : "map");
    (there ? page.painter.root : view).focus({ preventScroll: true });
  };

  /** @param {number} by 0: as wide as it may be, or as it was */
  function scale(by) {
    if (by) zoom = Math.min(3, Math.max(0.4, zoom * by));
    else document.body.classList.toggle("wide");
    draw();
  }

  /**
   * Down and up in the order of reading, left to what the span in hand argues for, right to what argues for it.
   * @param {string} key
   */
  function walk(key) {
    const { hand } = page.state;
    const at = graph.nodes.findIndex(({ id }) => id === hand?.id);
    const next = key === "ArrowDown" ? graph.nodes[at + 1] : key === "ArrowUp" ? graph.nodes[at < 0 ? graph.nodes.length - 1 : at - 1]
      : key === "ArrowLeft" ? graph.edges.find(({ from }) => from.id === hand?.id)?.to : graph.edges.find(({ to }) => to?.id === hand?.id)?.from;
    if (next) take(page, { layer: "spans", id: next.id }, true);
  }

  function show() {
    if (page.tab !== "map" || !changed(page.state.spans, page.state.relations, page.state.hand, view.clientWidth)) return;
    draw();
  }

  function draw() {
    graph = graphOf(page.state);
    const { nodes, edges } = graph;
    const width = Math.max(NARROWEST, view.clientWidth);
    const height = nodes.length * ROW + 8;
    byId("map-empty").hidden = edges.length > 0;
    byId("bare-section").hidden = !graph.bare.length;
    bare.replaceChildren(...graph.bare.map(({ id }) => element("li", {}, element("button", { type: "button", className: "row", dataset: { layer: "spans", id } }, element("span", { dir: "auto" }, describe(page, { layer: "spans", id }))))));
    const picture = svgOf("svg", { viewBox: `0 0 ${width} ${height}`, width: width * zoom, height: height * zoom, role: "img",
      "aria-label": `${counted(nodes.length, "span", "spans")} and ${counted(edges.length, "relation", "relations")}, which the list of relations says in words.` });
    /** @type {Map<string, [number, number]>} */
    const knots = new Map();
    for (const edge of edges.toSorted((a, b) => Number(!a.to) - Number(!b.to))) picture.append(drawn(edge, knots));
    for (const node of nodes) picture.append(boxOf(node, width));
    view.replaceChildren(picture);
    follow();
  }

  /** @param {Node} node @param {number} width */
  function boxOf(node, width) {
    const { stance, fragments } = node.span;
    const box = svgOf("foreignObject", { x: xOf(node), y: yOf(node), width: width - xOf(node) - 4, height: BOX });
    box.append(element("div", { className: node.id === page.state.hand?.id ? "node live" : "node", dataset: { layer: "spans", id: node.id }, title: describe(page, { layer: "spans", id: node.id }) },
      page.labels.stanceChip(stance), element("span", { dir: "auto" }, shortened(page.quote(fragments), 90))));
    return box;
  }

  /** @param {Edge} edge @param {Map<string, [number, number]>} knots */
  function drawn({ relation, from, to, onto }, knots) {
    const kind = relation.label === "supports" ? 0 : relation.label === "attacks" ? 1 : 2;
    const [x1, y1] = [xOf(from), yOf(from) + BOX / 2];
    const [kx, ky] = to ? [xOf(to) + 7 + 5 * kind, 0] : knots.get(onto ?? "") ?? [x1 - STEP, y1];
    const below = to && from.row > to.row;
    const end = to ? (below ? yOf(to) + BOX : yOf(to)) : ky;
    const inward = x1 > kx;   // else a ring: it goes round by the left
    const bend = to ? inward ? kx : Math.min(x1, xOf(to)) - 3 : (x1 + kx) / 2;
    const [ex, ey] = to ? inward ? [kx, end] : [xOf(to), yOf(to) + BOX / 2] : [kx, ky];
    const group = svgOf("g", { "data-layer": "relations", "data-id": relation.id, class: [relation.id, relation.from.span, endId(relation.to)].includes(page.state.hand?.id ?? "") ? "live" : "" });
    const line = `M${x1} ${y1}H${bend}V${ey}H${ex}`;
    const title = svgOf("title");
    title.textContent = describe(page, { layer: "relations", id: relation.id });
    group.append(title, path(line, "hit"), path(line, kind === 1 ? "line double" : "line"));
    if (kind === 1) group.append(path(line, "gap"));
    const turn = !to || !inward ? (to ? 0 : 180) : below ? -90 : 90;
    const tip = kind === 1 ? path(`M${ex} ${ey}m-2 -5v10`, "bar") : path(endMark(kind, ex, ey), kind ? "knot" : "tip");
    tip.setAttribute("transform", `rotate(${turn} ${ex} ${ey})`);
    group.append(tip);
    knots.set(relation.id, [bend, (y1 + ey) / 2]);
    return group;
  }

  /** Marks what the reader sees of the text, and keeps it in view here, too. */
  function follow() {
    const box = page.painter.root.closest(".reader")?.getBoundingClientRect();
    const text = page.painter.root.getBoundingClientRect();
    if (!box) return;
    const at = (/** @type {number} */ y, /** @type {number} */ fallback) => codePointUnder(page.painter, text.left + 20, y) ?? fallback;
    const [start, end] = [text.top > box.top ? 0 : at(box.top + 8, 0), text.bottom < box.bottom ? Infinity : at(box.bottom - 8, Infinity)];
    let first = true;
    for (const node of view.querySelectorAll("[data-layer=spans]")) {
      const span = page.state.spans.get(/** @type {HTMLElement} */ (node).dataset.id ?? "");
      const seen = span && hull(span.fragments)[1] > start && hull(span.fragments)[0] < end;
      node.classList.toggle("seen", Boolean(seen));
      if (!seen || !first) continue;
      first = false;
      const [row, frame] = [node.getBoundingClientRect(), scroller.getBoundingClientRect()];
      if (row.top < frame.top + ROW || row.bottom > frame.bottom) scroller.scrollTop += row.top - frame.top - 2 * ROW;
    }
  }

  return { show };
}

const xOf = (/** @type {Node} */ { depth }) => 6 + depth * STEP;
const yOf = (/** @type {Node} */ { row }) => 4 + row * ROW;
