/** The browser's selection as code points, and back. */

/** @import {Selected} from "../types.js" */
/** @import {Offsets} from "./offsets.js" */
/** @import {Paragraph} from "./segments.js" */
import { paragraphAt } from "./segments.js";

/**
 * @typedef {Object} Surface the painted text, as the painter offers it
 * @property {HTMLElement} root
 * @property {Offsets} offsets
 * @property {Paragraph[]} paragraphs
 * @property {(index: number) => HTMLElement} element
 * @property {(node: Node) => number} indexOf -1 when the node is not in a paragraph
 */

/**
 * The code point at a place in the DOM, or null when it is not in the text.
 * @param {Surface} surface
 * @param {Node|null} node
 * @param {number} offset
 */
export function codePointAt(surface, node, offset) {
  if (!node || !surface.root.contains(node)) return null;
  const index = surface.indexOf(node);
  if (index < 0) return betweenParagraphs(surface, node, offset);
  const paragraph = surface.paragraphs[index];
  return surface.offsets.toCodePoints(Math.min(paragraph.to, paragraph.from + unitsBefore(surface.element(index), node, offset)));
}

/**
 * A place between paragraphs counts as the start of the one that follows, or the text's end.
 * @param {Surface} surface
 * @param {Node} node the root or a chunk
 * @param {number} offset
 */
function betweenParagraphs({ root, paragraphs, offsets, indexOf }, node, offset) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
  /** @type {Node|null} */
  let next = node.childNodes[offset] ?? null;
  if (!next) {
    walker.currentNode = node;
    for (next = walker.nextNode(); next && node.contains(next);) next = walker.nextNode();
  }
  for (walker.currentNode = next ?? root; next; next = walker.nextNode()) if (indexOf(next) >= 0) return paragraphs[indexOf(next)].start;
  return offsets.length;
}

/**
 * How many units of text stand in an element before a place in it.
 * @param {HTMLElement} element
 * @param {Node} node
 * @param {number} offset
 */
function unitsBefore(element, node, offset) {
  const range = document.createRange();
  range.setStart(element, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

/**
 * The place in the DOM of a code point: a text node and an offset in it.
 * @param {Surface} surface
 * @param {number} at
 * @param {boolean} [isEnd] an end stays in the paragraph it closes
 * @returns {[Node, number]}
 */
export function placeOf(surface, at, isEnd = false) {
  let index = paragraphAt(surface.paragraphs, at);
  if (isEnd && index && surface.paragraphs[index].start === at) index -= 1;
  const element = surface.element(index);
  let left = surface.offsets.toUnits(at) - surface.paragraphs[index].from;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = /** @type {Text} */ (node);
    if (left < length || left === length && isEnd) return [node, left];
    left -= length;
  }
  return [element, element.childNodes.length];
}

/**
 * The range of the DOM between two code points.
 * @param {Surface} surface
 * @param {number} start
 * @param {number} end
 */
export function rangeOf(surface, start, end) {
  const range = document.createRange();
  range.setStart(...placeOf(surface, start));
  range.setEnd(...placeOf(surface, end, end > start));
  return range;
}

/**
 * What the browser has selected, or null when that is not (wholly) in the text.
 * @param {Surface} surface
 * @returns {Selected|null}
 */
export function readSelection(surface) {
  const selection = getSelection();
  if (!selection?.rangeCount) return null;
  const anchor = codePointAt(surface, selection.anchorNode, selection.anchorOffset);
  const focus = codePointAt(surface, selection.focusNode, selection.focusOffset);
  return anchor === null || focus === null ? null : { anchor, focus };
}

/**
 * Shows a selection as the browser's own, so that copying and assistive tools know of it.
 * @param {Surface} surface
 * @param {Selected|null} selected
 */
export function showSelection(surface, selected) {
  const selection = getSelection();
  if (!selection) return;
  if (!selected) {
    if (selection.rangeCount && surface.root.contains(selection.anchorNode)) selection.removeAllRanges();
    return;
  }
  const { anchor, focus } = selected;
  selection.setBaseAndExtent(...placeOf(surface, anchor, anchor > focus), ...placeOf(surface, focus, focus > anchor));
}

/**
 * The code point a line above or below a place, by the browser's own layout.
 * @param {Surface} surface
 * @param {number} at
 * @param {"forward"|"backward"} direction
 */
export function lineFrom(surface, at, direction) {
  const selection = getSelection();
  if (!selection) return null;
  selection.collapse(...placeOf(surface, at));
  selection.modify("move", direction, "line");
  return codePointAt(surface, selection.focusNode, selection.focusOffset);
}

/**
 * The code point under a point of the window.
 * @param {Surface} surface
 * @param {number} x
 * @param {number} y
 */
export function codePointUnder(surface, x, y) {
  if (document.caretPositionFromPoint) {
    const place = document.caretPositionFromPoint(x, y);
    return place && codePointAt(surface, place.offsetNode, place.offset);
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? codePointAt(surface, range.startContainer, range.startOffset) : null;
}
