/** What the span in hand is held by: a handle at either end that resizes it, and a knob in the margin that a relation is pulled from. */

/** @import {Page} from "../page.js" */
/** @import {Fragment, Span} from "../types.js" */
import { element, following, place } from "../dom.js";
import { snapped } from "../cursor.js";
import { snaps } from "../preferences.js";
import { alter } from "../state.js";
import { hull, merged } from "../text/segments.js";
import { codePointUnder, rangeOf } from "../text/selection.js";
import { trimmed } from "../text/words.js";
import { pull } from "./pull.js";

/**
 * @param {HTMLElement} layer
 * @param {Page} page
 * @param {{boxesOf: (fragments: Fragment[], name: string, origin: DOMRect) => HTMLElement[], show: () => void}} frame
 */
export function createHandles(layer, page, { boxesOf, show }) {
  const { painter } = page;

  /**
   * @param {Span} span
   * @param {HTMLElement[]} boxes its own, first to last
   */
  function handlesOf(span, boxes) {
    if (!page.editable || !boxes.length) return [];
    const rtl = getComputedStyle(painter.element(painter.indexOf(rangeOf(painter, ...hull(span.fragments)).startContainer))).direction === "rtl";
    const handles = /** @type {const} */ (["start", "end"]).map((side) => {
      const box = /** @type {HTMLElement} */ (side === "start" ? boxes[0] : boxes.at(-1));
      const atLeft = (side === "start") !== rtl;
      const handle = heldBy(`handle ${side}`, "Drag to move this end", (event) => resize(event, span, side));
      place(handle, { left: parseFloat(box.style.left) + (atLeft ? 0 : parseFloat(box.style.width)), top: parseFloat(box.style.top), height: parseFloat(box.style.height) });
      return handle;
    });
    if (!page.labels.relations.length || page.state.spans.size < 2) return handles;
    const knob = heldBy("knob", "Drag to what it supports or attacks", (event) => pull(event, span, page));
    place(knob, { left: painter.root.offsetLeft, top: parseFloat(boxes[0].style.top) + parseFloat(boxes[0].style.height) / 2 });
    return [...handles, knob];
  }

  /**
   * @param {string} className
   * @param {string} title
   * @param {(event: PointerEvent) => void} taken
   */
  const heldBy = (className, title, taken) => element("div", { className, title, on: {
    pointerdown: (/** @type {PointerEvent} */ event) => { if (event.button === 0) taken(event); },
    mousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),   // no selection begins here
  } });

  /**
   * Moves one end of the span with the pointer; it is saved once, when it is let go.
   * @param {PointerEvent} event
   * @param {Span} span
   * @param {"start"|"end"} side
   */
  function resize(event, span, side) {
    const handle = /** @type {HTMLElement} */ (event.currentTarget);   // stays in the page: the browser loses the pointer with it
    layer.classList.add("dragging");
    let shape = span.fragments;
    following(event, handle, ({ clientX, clientY }) => {
      const at = codePointUnder(painter, clientX, clientY);
      const word = at !== null && snaps() ? snapped(page.words, { anchor: at, focus: Math.min(at + 1, painter.offsets.length) }) : null;
      const next = at === null ? shape : withEnd(span.fragments, side, word ? word[side === "start" ? "anchor" : "focus"] : at);
      if (!next.length) return;
      shape = next;
      layer.replaceChildren(handle, ...boxesOf(shape, "hand", layer.getBoundingClientRect()));
    }, (kept) => {
      layer.classList.remove("dragging");
      const inside = shape.map(([start, end]) => trimmed(painter.offsets, start, end)).map(({ start, end }) => /** @type {Fragment} */ ([start, end]));
      const fragments = merged(inside);
      if (kept && fragments.length) page.change(alter(page.state, "spans", span.id, { fragments }), "The span was resized.");
      show();
    });
  }

  return { handlesOf };
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
