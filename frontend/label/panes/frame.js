/** What is in hand: its frame, handles and chip, its partners, the selection kept visible, all on a layer over the text. */

/** @import {Page} from "../page.js" */
/** @import {Fragment} from "../types.js" */
import { element, place } from "../dom.js";
import { holderName } from "../labels.js";
import { endId, inHand, partnersOf, selection } from "../state.js";
import { linesOf, MOST } from "../text/lines.js";
import { rangeOf } from "../text/selection.js";
import { createHandles } from "./handles.js";

/**
 * @param {HTMLElement} layer
 * @param {Page} page
 */
export function createFrame(layer, page) {
  const { painter } = page;
  /** @type {HTMLElement[]} */
  let lifted = [];
  /** @type {string|null} */
  let hovered = null;
  const { handlesOf } = createHandles(layer, page, { boxesOf, show });
  const highlight = "highlights" in CSS ? new Highlight() : null;
  if (highlight) CSS.highlights.set("chosen", highlight);

  function show() {
    const { state } = page;
    showSelected();
    const boxes = [];
    const span = page.spanInHand();
    const any = span || inHand(state).length || state.drawing?.target;
    const origin = any ? layer.getBoundingClientRect() : new DOMRect();   // asking costs a layout
    if (span) {
      const own = boxesOf(span.fragments, "hand", origin);
      boxes.push(...own, chip(own[0]), ...handlesOf(span, own));
    }
    for (const id of inHand(state)) if (id !== span?.id) boxes.push(...boxesOf(state.spans.get(id)?.fragments ?? [], "also", origin));
    const aimed = state.drawing?.target;
    if (aimed?.layer === "spans") boxes.push(...boxesOf(state.spans.get(aimed.id)?.fragments ?? [], "aim", origin));
    layer.replaceChildren(...boxes.filter((box) => box !== null));
    lift();
  }

  function showSelected() {
    if (!highlight) return;
    highlight.clear();
    const chosen = selection(page.state);
    if (chosen) highlight.add(rangeOf(painter, chosen.start, chosen.end));
  }

  /** Brings up what the hovered span, or the relation or span in hand, is related to; dims the rest while it does. */
  function lift() {
    const { state } = page;
    const several = inHand(state);
    const ids = new Set([...relatedTo(hovered ?? state.drawing?.from ?? state.hand?.id ?? ""), ...several.length > 1 ? several : []]);
    for (const piece of lifted) piece.classList.remove("near");
    lifted = ids.size > 1 ? painter.pieces(ids) : [];
    for (const piece of lifted) piece.classList.add("near");
    painter.root.classList.toggle("dimmed", lifted.length > 0 && !state.drawing);
  }

  /** @param {string} id */
  function relatedTo(id) {
    const relation = page.state.relations.get(id);
    if (!relation) return new Set([id, ...partnersOf(page.state, id)]);
    return new Set([relation.from.span, endId(relation.to), ...partnersOf(page.state, relation.id)]);
  }

  /**
   * @param {Fragment[]} fragments
   * @param {string} name
   * @param {DOMRect} origin
   */
  function boxesOf(fragments, name, origin) {
    return fragments.flatMap(([start, end]) => linesOf(painter, start, end)).slice(0, MOST).map((line) => {
      const box = element("div", { className: `box ${name}` });
      place(box, { left: line.left - origin.left - 2, top: line.top - origin.top - 1, width: line.right - line.left + 4, height: line.bottom - line.top + 2 });
      return box;
    });
  }

  /** @param {HTMLElement|undefined} first */
  function chip(first) {
    const span = page.spanInHand();
    if (!span || !first) return null;
    const { labels } = page;
    const made = element("div", { className: "tag" }, labels.stanceChip(span.stance), labels.roleChip(span.role),
      span.holder && element("span", { dir: "auto" }, holderName(page.state.holders, span.holder)));
    if (!made.childElementCount) return null;
    place(made, { left: painter.root.offsetLeft + painter.root.offsetWidth, top: parseFloat(first.style.top) });
    return made;
  }

  return {
    show,
    /** @param {string|null} id */
    hover(id) {
      if (id === hovered) return;
      hovered = id;
      lift();
    },
  };
}
