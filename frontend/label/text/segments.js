/** Spans become pieces of paragraphs: what lies under every character, and on which line below it each span is drawn. */

/** @import {Fragment, Span} from "../types.js" */
/** @import {Offsets} from "./offsets.js" */

/**
 * @typedef {{index: number, start: number, end: number, from: number, to: number}} Paragraph
 *   start and end in code points, from and to in units; the line break belongs to the paragraph that it ends
 * @typedef {{id: string, lane: number, gap: boolean}} Layered a span over a segment; gap: between two of its fragments
 * @typedef {{start: number, end: number, layers: Layered[]}} Segment
 */

/** The browser lays a paragraph out as one: with a megabyte on one line, every mark would take it seconds. In units. */
const LONGEST = 8000;

/**
 * The text cut after every line break (CRLF, LF or CR), and in what is too long for a paragraph after some space; losing nothing.
 * @param {string} text
 * @param {Offsets} offsets
 * @returns {Paragraph[]}
 */
export function paragraphsOf(text, offsets) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    found.push([from, match.index + match[0].length]);
    from = match.index + match[0].length;
  }
  if (from < text.length || !found.length) found.push([from, text.length]);
  let start = 0;
  return found.flatMap(([left, right]) => piecesOf(text, left, right)).map(([left, right], index) => {
    const end = offsets.toCodePoints(right);
    const paragraph = { index, start, end, from: left, to: right };
    start = end;
    return paragraph;
  });
}

/**
 * A stretch of the text in pieces of bearable length, none of which ends inside a character.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function piecesOf(text, from, to) {
  const pieces = [];
  let left = from;
  while (to - left > LONGEST) {
    const room = text.slice(left, left + LONGEST);
    const space = room.search(/\s\S*$/);
    let right = left + (space > LONGEST / 2 ? space + 1 : LONGEST);
    if (/[\udc00-\udfff]/.test(text[right])) right -= 1;
    pieces.push([left, right]);
    left = right;
  }
  return [...pieces, [left, to]];
}

/**
 * The index of the paragraph that holds a code point; the text's end belongs to the last.
 * @param {Paragraph[]} paragraphs
 * @param {number} at
 */
export function paragraphAt(paragraphs, at) {
  let low = 0;
  let high = paragraphs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (paragraphs[middle].start <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The indices of all paragraphs under a span, those between its fragments too.
 * @param {Paragraph[]} paragraphs
 * @param {Span} span
 */
export function paragraphsUnder(paragraphs, span) {
  const [start, end] = hull(span.fragments);
  const last = paragraphAt(paragraphs, Math.max(start, end - 1));
  const under = [];
  for (let i = paragraphAt(paragraphs, start); i <= last; i++) under.push(i);
  return under;
}

/**
 * From the first fragment's start to the last one's end.
 * @param {Fragment[]} fragments
 * @returns {Fragment}
 */
export const hull = (fragments) => [fragments[0][0], fragments[fragments.length - 1][1]];

/**
 * Sorted, non-empty fragments that neither touch nor overlap.
 * @param {Fragment[]} fragments
 * @returns {Fragment[]}
 */
export function merged(fragments) {
  /** @type {Fragment[]} */
  const out = [];
  for (const [start, end] of [...fragments].filter(([a, b]) => a < b).sort((a, b) => a[0] - b[0])) {
    const last = out[out.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}

/**
 * The order of reading: by start, the longer first, then by id so that it is the same everywhere.
 * @param {Span} a
 * @param {Span} b
 */
export function inReadingOrder(a, b) {
  const [left, right] = [hull(a.fragments), hull(b.fragments)];
  return left[0] - right[0] || right[1] - left[1] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * The paragraph's pieces, from its start to its end without a hole; a piece without spans has no layers.
 * @param {{start: number, end: number}} paragraph
 * @param {Span[]} spans
 * @returns {Segment[]}
 */
export function segmentsOf(paragraph, spans) {
  const pieces = spans.toSorted(inReadingOrder).map((span) => ({ span, parts: partsWithin(paragraph, span) }))
    .filter(({ parts }) => parts.length);
  const lanes = lanesOf(pieces.map(({ parts }) => parts));
  const cuts = new Set([paragraph.start, paragraph.end]);
  for (const { parts } of pieces) for (const { start, end } of parts) cuts.add(start).add(end);
  const edges = [...cuts].sort((a, b) => a - b);

  /** @type {Segment[]} */
  const segments = [];
  let open = pieces.map(({ span, parts }, k) => ({ id: span.id, lane: lanes[k], parts }));
  for (let i = 0; i + 1 < edges.length; i++) {
    const [start, end] = [edges[i], edges[i + 1]];
    open = open.filter(({ parts }) => parts[parts.length - 1].end > start);
    const layers = [];
    for (const { id, lane, parts } of open) {
      if (parts[0].start >= end) break;       // in reading order: the rest begins later still
      const part = parts.find((p) => p.start <= start && end <= p.end);
      if (part) layers.push({ id, lane, gap: part.gap });
    }
    segments.push({ start, end, layers });
  }
  return segments;
}

/**
 * A span's fragments and the gaps between them, as far as they lie in the paragraph.
 * @param {{start: number, end: number}} paragraph
 * @param {Span} span
 */
function partsWithin(paragraph, span) {
  const parts = [];
  let before = -1;
  for (const [start, end] of span.fragments) {
    if (before >= 0) parts.push({ start: before, end: start, gap: true });
    parts.push({ start, end, gap: false });
    before = end;
  }
  return parts.map((p) => ({ ...p, start: Math.max(p.start, paragraph.start), end: Math.min(p.end, paragraph.end) }))
    .filter((p) => p.start < p.end);
}

/**
 * For each run of parts, in reading order, the first lane that is free where it begins.
 * @param {{start: number, end: number}[][]} runs
 */
function lanesOf(runs) {
  /** @type {number[]} */
  const ends = [];
  return runs.map((parts) => {
    const start = parts[0].start;
    const free = ends.findIndex((end) => end <= start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = parts[parts.length - 1].end;
    return lane;
  });
}
