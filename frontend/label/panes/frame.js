/** What is in hand: its frame, handles and chip, its partners, the selection kept visible, all on a layer over the text. */

/** @import {Page} from "../page.js" */
/** @import {Fragment} from "../types.js" */
import { element } from "../dom.js";
import { holderName } from "../labels.js";
import { snapped } from "../cursor.js";
import { snaps } from "../preferences.js";
import { alter, endId, inHand, partnersOf, selection } from "../state.js";
import { hull, merged } from "../text/segments.js";
import { codePointUnder, rangeOf } from "../text/selection.js";
import { trimmed } from "../text/words.js";

/** More boxes than this are only the first ones: a frame around a whole chapter need not close. */
const MOST = 120;

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
  const highlight = "highlights" in CSS ? new Highlight() : null;
  if (highlight) CSS.highlights.set("chosen", highlight);

  function show() {
    const { state } = page;
    showSelected();
    const boxes = [];
    const origin = layer.getBoundingClientRect();
    const span = page.spanInHand();
    if (span) boxes.push(...boxesOf(span.fragments, "hand", origin));
    if (span) boxes.push(chip(boxes[0]), ...handles(boxes));
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
    const ids = relatedTo(hovered ?? state.drawing?.from ?? state.hand?.id ?? "");
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
    return fragments.flatMap(([start, end]) => linesOf(rangeOf(painter, start, end))).slice(0, MOST).map((line) => {
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

  /** @param {(HTMLElement|null)[]} boxes */
  function handles(boxes) {
    const span = page.spanInHand();
    if (!page.editable || !span || !boxes[0]) return [];
    const rtl = getComputedStyle(painter.element(painter.indexOf(rangeOf(painter, ...hull(span.fragments)).startContainer))).direction === "rtl";
    return /** @type {const} */ (["start", "end"]).map((side) => {
      const box = /** @type {HTMLElement} */ (side === "start" ? boxes[0] : boxes.at(-1));
      const atLeft = (side === "start") !== rtl;
      const handle = element("div", { className: `handle ${side}`, title: "Drag to move this end", on: {
        pointerdown: (/** @type {PointerEvent} */ event) => drag(event, side),
        mousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),   // no selection begins here
      } });
      place(handle, { left: parseFloat(box.style.left) + (atLeft ? 0 : parseFloat(box.style.width)), top: parseFloat(box.style.top), height: parseFloat(box.style.height) });
      return handle;
    });
  }

  /**
   * Moves one end of the span in hand with the pointer; the span is saved once, when it is let go.
   * @param {PointerEvent} event
   * @param {"start"|"end"} side
   */
  function drag(event, side) {
    const span = page.spanInHand();
    if (!span) return;
    const handle = /** @type {HTMLElement} */ (event.currentTarget);   // stays in the page: the browser loses the pointer with it
    handle.setPointerCapture(event.pointerId);
    layer.classList.add("dragging");
    /** @type {Fragment[]} */
    let shape = span.fragments;
    const moved = (/** @type {PointerEvent} */ { clientX, clientY }) => {
      const at = codePointUnder(painter, clientX, clientY);
      const word = at !== null && snaps() ? snapped(page.words, { anchor: at, focus: Math.min(at + 1, painter.offsets.length) }) : null;
      const next = at === null ? shape : withEnd(span.fragments, side, word ? word[side === "start" ? "anchor" : "focus"] : at);
      if (!next.length) return;
      shape = next;
      const origin = layer.getBoundingClientRect();
      layer.replaceChildren(handle, ...boxesOf(shape, "hand", origin));
    };
    const ended = (/** @type {PointerEvent} */ { type }) => {
      removeEventListener("pointermove", moved);
      removeEventListener("pointerup", ended);
      removeEventListener("pointercancel", ended);
      layer.classList.remove("dragging");
      const inside = shape.map(([start, end]) => trimmed(painter.offsets, start, end)).map(({ start, end }) => /** @type {Fragment} */ ([start, end]));
      const fragments = merged(inside);
      if (type === "pointerup" && fragments.length) page.change(alter(page.state, "spans", span.id, { fragments }), "The span was resized.");
      show();
    };
    addEventListener("pointermove", moved);
    addEventListener("pointerup", ended);
    addEventListener("pointercancel", ended);
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

/**
 * The fragments with the outermost start or end elsewhere; what lies beyond it goes.
 * @param {Fragment[]} fragments
 * @param {"start"|"end"} side
 * @param {number} at
 * @returns {Fragment[]}
 */
export function withEnd(fragments, side, at) {
  const [start, end] = hull(fragments);
  if (side === "start") {
    const kept = fragments.filter((fragment) => fragment[1] > at);
    return at >= end || !kept.length ? [] : merged([[at, kept[0][1]], ...kept.slice(1)]);
  }
  const kept = fragments.filter((fragment) => fragment[0] < at);
  return at <= start || !kept.length ? [] : merged([...kept.slice(0, -1), [kept[kept.length - 1][0], at]]);
}

/**
 * One box for what of a line belongs together, however many pieces it is painted in.
 * @param {Range} range
 */
function linesOf(range) {
  /** @type {{left: number, top: number, right: number, bottom: number}[]} */
  const lines = [];
  for (const { left, top, right, bottom, width } of textRects(range)) {
    if (!width) continue;
    const line = lines.at(-1);
    const beside = line && left <= line.right + 1 && right >= line.left - 1;   // not so where the directions mix
    if (line && beside && top < (line.top + line.bottom) / 2 && bottom > (line.top + line.bottom) / 2) {
      Object.assign(line, { left: Math.min(line.left, left), right: Math.max(line.right, right), top: Math.min(line.top, top), bottom: Math.max(line.bottom, bottom) });
    } else lines.push({ left, top, right, bottom });
    if (lines.length > MOST) break;
  }
  return lines;
}

/**
 * The boxes of a range's text alone; asked of the whole range, the browser adds those of the elements in it.
 * @param {Range} range
 */
function* textRects(range) {
  const { startContainer, startOffset, endContainer, endOffset, commonAncestorContainer } = range;
  const walker = document.createTreeWalker(commonAncestorContainer, NodeFilter.SHOW_TEXT);
  walker.currentNode = startContainer;
  for (let node = startContainer.nodeType === Node.TEXT_NODE ? startContainer : walker.nextNode(); node; node = walker.nextNode()) {
    const part = document.createRange();
    part.selectNodeContents(node);
    if (node === startContainer) part.setStart(node, startOffset);
    if (node === endContainer) part.setEnd(node, endOffset);
    yield* part.getClientRects();
    if (node === endContainer) return;
  }
}

/**
 * @param {HTMLElement} box
 * @param {Object<string, number>} sizes in pixels
 */
function place(box, sizes) {
  for (const [name, value] of Object.entries(sizes)) box.style.setProperty(name, `${value}px`);
}
