/**
 * The text on the screen. Only text nodes and the spans around them are made, never markup from a string, and the text nodes
 * joined are the document's text to the last unit. A change repaints the pieces that differ in the paragraphs it touches.
 */

/** @import {Span} from "../types.js" */
/** @import {Offsets} from "./offsets.js" */
/** @import {Layered, Paragraph, Segment} from "./segments.js" */
import { paragraphsUnder, segmentsOf } from "./segments.js";

/** A chunk is what the browser lays out (or leaves) as one: enough lines to be few, few enough to be quick. */
const CHUNK = 6000;
const LINE = 62;
/** Underlines stand so far apart, in pixels; where more than three lie over each other, closer, so that four have room. */
const [APART, CLOSER] = [4, 3];
const LANES = 4;
/** More tints than these on one another would make the text hard to read. */
const TINTS = 3;

/**
 * @typedef {Object} Drawn a segment as it stands in the DOM
 * @property {string} key
 * @property {Node} node
 * @property {Segment} segment
 */

/**
 * @param {HTMLElement} root empty
 * @param {string} text
 * @param {Offsets} offsets
 * @param {Paragraph[]} paragraphs
 * @param {(stance: string|null) => number} indexOfStance -1 for none
 */
export function createPainter(root, text, offsets, paragraphs, indexOfStance) {
  /** @type {HTMLElement[]} */
  const elements = [];
  /** @type {WeakMap<Node, number>} */
  const indices = new WeakMap();
  /** @type {Map<number, Drawn[]>} only of paragraphs that have spans, or had them */
  const drawn = new Map();
  /** @type {Map<number, Set<string>>} */
  const under = new Map();
  /** @type {WeakMap<Node, Layered[]>} */
  const layersOf = new WeakMap();
  /** @type {Map<string, Span>} */
  let shown = new Map();

  layOut();

  function layOut() {
    const all = document.createDocumentFragment();
    for (let i = 0; i < paragraphs.length;) {
      const chunk = document.createElement("div");
      chunk.className = "chunk";
      let lines = 0;
      for (const from = paragraphs[i].from; i < paragraphs.length && (lines === 0 || paragraphs[i].to - from < CHUNK); i++) {
        chunk.append(paragraphElement(paragraphs[i]));
        lines += Math.max(1, Math.ceil((paragraphs[i].to - paragraphs[i].from) / LINE));
      }
      chunk.style.setProperty("contain-intrinsic-block-size", `auto ${lines * 1.9125}rem`);
      all.append(chunk);
    }
    root.append(all);
  }

  /** @param {Paragraph} paragraph */
  function paragraphElement({ index, from, to }) {
    const element = document.createElement("p");
    element.dir = "auto";
    element.append(text.slice(from, to));
    elements.push(element);
    indices.set(element, index);
    return element;
  }

  /**
   * Makes the screen show these spans; returns the paragraphs that were repainted.
   * @param {Map<string, Span>} spans
   */
  function show(spans) {
    /** @type {Set<number>} */
    const dirty = new Set();
    for (const [id, before] of shown) if (spans.get(id) !== before) mark(before, dirty, (ids) => ids.delete(id));
    for (const [id, span] of spans) if (shown.get(id) !== span) mark(span, dirty, (ids) => ids.add(id));
    shown = spans;
    for (const index of dirty) repaint(index);
    return dirty;
  }

  /**
   * @param {Span} span
   * @param {Set<number>} dirty
   * @param {(ids: Set<string>) => void} change
   */
  function mark(span, dirty, change) {
    for (const index of paragraphsUnder(paragraphs, span)) {
      const ids = under.get(index) ?? new Set();
      change(ids);
      under.set(index, ids);
      dirty.add(index);
    }
  }

  /** @param {number} index */
  function repaint(index) {
    const spans = [...under.get(index) ?? []].map((id) => /** @type {Span} */ (shown.get(id)));
    const segments = segmentsOf(paragraphs[index], spans);
    const apart = segments.some(({ layers }) => layers.some(({ lane }) => lane > 2)) ? CLOSER : APART;
    const next = segments.map((segment) => ({ segment, key: keyOf(segment, apart) }));
    const element = elements[index];
    const before = drawn.get(index) ?? [];
    let head = 0;
    while (head < before.length && head < next.length && before[head].key === next[head].key) head += 1;
    let tail = 0;
    while (tail < before.length - head && tail < next.length - head && before.at(-1 - tail)?.key === next.at(-1 - tail)?.key) tail += 1;

    const fresh = next.slice(head, next.length - tail).map(({ segment, key }) => ({ segment, key, node: nodeOf(segment, apart) }));
    if (!before.length) element.replaceChildren();
    for (const { node } of before.slice(head, before.length - tail)) element.removeChild(node);
    element.insertBefore(fragmentOf(fresh), tail ? before[before.length - tail].node : null);
    drawn.set(index, [...before.slice(0, head), ...fresh, ...before.slice(before.length - tail)]);
  }

  /**
   * @param {Segment} segment
   * @param {number} apart
   */
  const keyOf = ({ start, end, layers }, apart) =>
    `${start}-${end}:${layers.length ? apart : ""}${layers.map(({ id, lane, gap }) => `${id},${lane},${gap ? "g" : indexOfStance(shown.get(id)?.stance ?? null)}`).join(";")}`;

  /**
   * @param {Segment} segment
   * @param {number} apart
   * @returns {Node}
   */
  function nodeOf({ start, end, layers }, apart) {
    const content = document.createTextNode(offsets.slice(start, end));
    if (!layers.length) return content;
    const element = document.createElement("span");
    element.className = "seg";
    element.style.cssText = styleOf(layers.map(({ id, lane, gap }) => ({ lane, gap, stance: indexOfStance(shown.get(id)?.stance ?? null) })), apart);
    element.append(content);
    layersOf.set(element, layers);
    return element;
  }

  return {
    root, offsets, paragraphs, show,
    /** @param {number} index */
    element: (index) => elements[index],
    /**
     * The index of the paragraph that a node stands in, or -1.
     * @param {Node|null} node
     */
    indexOf(node) {
      for (let at = node; at && at !== root; at = at.parentNode) {
        const index = indices.get(at);
        if (index !== undefined) return index;
      }
      return -1;
    },
    /**
     * The spans whose text (not whose gap) a node of the text belongs to.
     * @param {Node|null} node
     */
    spansAt(node) {
      const element = node instanceof Element ? node.closest(".seg") : node?.parentElement?.closest(".seg");
      return (element && layersOf.get(element) || []).filter(({ gap }) => !gap).map(({ id }) => id);
    },
    /**
     * The painted pieces of some spans.
     * @param {Set<string>} ids
     */
    pieces(ids) {
      const found = [];
      for (const id of ids) {
        const span = shown.get(id);
        for (const index of span ? paragraphsUnder(paragraphs, span) : []) {
          for (const { node, segment } of drawn.get(index) ?? []) {
            if (segment.layers.some((layer) => layer.id === id && !layer.gap)) found.push(/** @type {HTMLElement} */ (node));
          }
        }
      }
      return found;
    },
  };
}

/** @param {Drawn[]} pieces */
function fragmentOf(pieces) {
  const fragment = document.createDocumentFragment();
  fragment.append(...pieces.map(({ node }) => node));
  return fragment;
}

/** @type {Map<string, string>} */
const styles = new Map();

/**
 * The look of a piece of text under these spans: an underline for each on its own lane, and one tint. Underlines are painted
 * as backgrounds below the line, so no text moves whatever is added.
 * @param {{lane: number, gap: boolean, stance: number}[]} layers
 * @param {number} apart
 */
function styleOf(layers, apart) {
  const key = apart + layers.map(({ lane, gap, stance }) => `${lane}${gap}${stance}`).join();
  const known = styles.get(key);
  if (known) return known;
  const images = layers.flatMap((layer) => underlinesOf(layer, apart));
  // The tint ends where the underlines begin; under two or three spans the tints add up.
  const tints = layers.filter(({ gap }) => !gap).slice(0, TINTS).map(({ stance }) => `linear-gradient(var(--tint-${name(stance)}) 0 0) left top / 100% calc(100% - 12px) no-repeat`);
  const css = `background: ${[...images, ...tints].join(", ")}`;
  styles.set(key, css);
  return css;
}

const name = (/** @type {number} */ stance) => (stance < 0 ? "none" : String(stance));

/**
 * @param {{lane: number, gap: boolean, stance: number}} layer
 * @param {number} apart
 */
function underlinesOf({ lane, gap, stance }, apart) {
  const line = `var(--line-${name(stance)})`;
  const at = `left bottom ${10 - apart * Math.min(lane, LANES - 1)}px`;
  const stripes = (/** @type {string} */ stops, /** @type {number} */ width, height = 2) =>
    `linear-gradient(90deg, ${stops}) ${at} / ${width}px ${height}px repeat-x`;
  if (gap) return [stripes(`${line} 1px, transparent 0`, 6, 1)];
  const full = [`linear-gradient(${line} 0 0) ${at} / 100% 2px no-repeat`];
  if (stance < 0) return [`linear-gradient(${line} 0 0) ${at} / 100% 1px no-repeat`];
  return [
    full,
    [stripes(`${line} 7px, transparent 0`, 11)],
    [stripes(`${line} 2px, transparent 0`, 5)],
    [stripes(`${line} 8px, transparent 0 11px, ${line} 0 13px, transparent 0`, 16)],
    [stripes(`${line} 16px, transparent 0`, 20)],
    [stripes(`${line} 3px, transparent 0 5px, ${line} 0 8px, transparent 0`, 14)],
  ][stance % 6];
}
