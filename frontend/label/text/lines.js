/** Where a stretch of the text stands on the screen, line by line. */

/** @import {Surface} from "./selection.js" */
import { rangeOf } from "./selection.js";

/** @typedef {{left: number, top: number, right: number, bottom: number}} Line */

/** More lines than this are only the first ones: a frame around a whole chapter need not close. */
export const MOST = 120;

/**
 * One box for what of a line belongs together, however many pieces it is painted in. A line that goes on in the next ends with
 * its last letter: the space at which it was broken is not framed.
 * @param {Surface} surface
 * @param {number} start
 * @param {number} end
 * @returns {Line[]}
 */
export function linesOf(surface, start, end) {
  /** @type {Line[]} */
  const lines = [];
  for (const { left, top, right, bottom, width } of textRects(rangeOf(surface, start, end))) {
    if (!width) continue;
    const line = lines.at(-1);
    const beside = line && left <= line.right + 1 && right >= line.left - 1;   // not so where the directions mix
    if (line && beside && top < (line.top + line.bottom) / 2 && bottom > (line.top + line.bottom) / 2) {
      Object.assign(line, { left: Math.min(line.left, left), right: Math.max(line.right, right), top: Math.min(line.top, top), bottom: Math.max(line.bottom, bottom) });
    } else lines.push({ left, top, right, bottom });
    if (lines.length > MOST) break;
  }
  let from = start;
  lines.forEach((line, k) => {
    const next = lines[k + 1];
    if (next && next.top >= (line.top + line.bottom) / 2) from = cutSpace(surface, lines, k, from, end);
  });
  return lines;
}

/**
 * @param {Line} line
 * @param {number} y
 */
const isBeside = ({ top, bottom }, y) => top <= y && y <= bottom;

/**
 * Takes the space at the end of a line out of the box that it stands in; gives where the next line begins.
 * @param {Surface} surface
 * @param {Line[]} lines
 * @param {number} k
 * @param {number} start
 * @param {number} end
 */
function cutSpace(surface, lines, k, start, end) {
  const { bottom } = lines[k];
  const below = firstWhere(start, end, (at) => {
    const box = rangeOf(surface, at, at + 1).getClientRects()[0];
    return Boolean(box && box.top >= bottom - 2);
  });
  const broken = below > start && !/\S/.test(surface.offsets.slice(below - 1, below));
  const space = broken ? rangeOf(surface, below - 1, below).getClientRects()[0] : undefined;
  if (space?.width) for (const line of lines) if (isBeside(line, (space.top + space.bottom) / 2)) {
    if (Math.abs(line.right - space.right) < 1) line.right = space.left;
    else if (Math.abs(line.left - space.left) < 1) line.left = space.right;
  }
  return below;
}

/**
 * The first of a run of numbers for which something holds that holds for all after it; the end where there is none.
 * @param {number} low
 * @param {number} high
 * @param {(at: number) => boolean} holds
 */
function firstWhere(low, high, holds) {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
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
