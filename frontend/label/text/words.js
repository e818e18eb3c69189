/** Words, sentences and characters around a place in the text. All offsets in and out are code points. */

/** @import {Offsets} from "./offsets.js" */
/** @import {Paragraph} from "./segments.js" */
import { paragraphAt } from "./segments.js";

/** @typedef {{start: number, end: number}} Stretch */

/** How far around a place a very long paragraph is cut into words, in units: cutting a megabyte takes half a second. */
const WINDOW = 4000;

/**
 * @param {string} text
 * @param {Offsets} offsets
 * @param {Paragraph[]} paragraphs
 * @param {string} [language]
 */
export function wordsOf(text, offsets, paragraphs, language) {
  /** @type {Map<string, Intl.Segmenter>} made when first asked for: that takes longer than painting a page of text */
  const made = new Map();
  /** @param {"word"|"sentence"|"grapheme"} granularity */
  function cutter(granularity) {
    const cut = made.get(granularity) ?? new Intl.Segmenter(known(language), { granularity });
    made.set(granularity, cut);
    return cut;
  }

  /**
   * The stretches of one kind in the paragraph (or the window of it) around a place.
   * @param {"word"|"sentence"|"grapheme"} kind
   * @param {number} at
   * @returns {Stretch[]}
   */
  function around(kind, at) {
    const paragraph = paragraphs[paragraphAt(paragraphs, at)];
    const middle = offsets.toUnits(at);
    const from = wholeUnit(Math.max(paragraph.from, middle - WINDOW));
    const to = wholeUnit(Math.min(paragraph.to, middle + WINDOW));
    const found = [];
    for (const { segment, index, isWordLike } of cutter(kind).segment(text.slice(from, to))) {
      if (kind === "word" ? !isWordLike : kind === "sentence" && !segment.trim()) continue;
      const kept = kind === "sentence" ? segment.trimEnd() : segment;
      const lead = kind === "sentence" ? kept.length - kept.trimStart().length : 0;
      found.push({ start: offsets.toCodePoints(from + index + lead), end: offsets.toCodePoints(from + index + kept.length) });
    }
    return found;
  }

  const wholeUnit = (/** @type {number} */ unit) => offsets.toUnits(offsets.toCodePoints(unit));

  /**
   * The first stretch that ends after a place, in this paragraph or a later one.
   * @param {"word"|"sentence"|"grapheme"} kind
   * @param {number} at
   * @returns {Stretch|null}
   */
  function following(kind, at) {
    for (let place = at; place < offsets.length;) {
      const found = around(kind, place).find((s) => s.start >= at);
      if (found) return found;
      const paragraph = paragraphs[paragraphAt(paragraphs, place)];
      place = Math.min(paragraph.end, place + WINDOW / 2);
    }
    return null;
  }

  /**
   * The last stretch that begins before a place, in this paragraph or an earlier one.
   * @param {"word"|"sentence"|"grapheme"} kind
   * @param {number} at
   * @returns {Stretch|null}
   */
  function preceding(kind, at) {
    for (let place = at - 1; place >= 0;) {
      const found = around(kind, place).findLast((s) => s.end <= at);
      if (found) return found;
      const paragraph = paragraphs[paragraphAt(paragraphs, place)];
      place = Math.max(paragraph.start, place - WINDOW / 2 + 1) - 1;
    }
    return null;
  }

  return {
    following, preceding,
    /** Makes ready what the first key will need. */
    prepare() {
      around("word", 0);
      around("sentence", 0);
    },
    /**
     * The stretch that covers a place (or ends there), if any.
     * @param {"word"|"sentence"|"grapheme"} kind
     * @param {number} at
     */
    covering(kind, at) {
      const stretches = around(kind, Math.min(at, Math.max(0, offsets.length - 1)));
      return stretches.find((s) => s.start <= at && at < s.end) ?? stretches.find((s) => s.end === at) ?? null;
    },
    /**
     * The paragraph around a place without its outer white space.
     * @param {number} at
     */
    paragraph(at) {
      const { start, end } = paragraphs[paragraphAt(paragraphs, at)];
      return trimmed(offsets, start, end);
    },
  };
}

/**
 * A stretch without the white space at its ends; empty when there is nothing else.
 * @param {Offsets} offsets
 * @param {number} start
 * @param {number} end
 * @returns {Stretch}
 */
export function trimmed(offsets, start, end) {
  const inside = offsets.slice(start, end);
  const kept = inside.trimEnd();
  const lead = kept.length - kept.trimStart().length;
  const base = offsets.toUnits(start);
  return { start: offsets.toCodePoints(base + lead), end: offsets.toCodePoints(base + kept.length) };
}

const UNSPACED = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]";
const INSIDE = new RegExp(`^(?!.?${UNSPACED})[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]$`, "u");

/**
 * Whether a stretch begins or ends between two letters, in a script that parts its words. A look, not a dictionary.
 * @param {Offsets} offsets
 * @param {number} start
 * @param {number} end
 */
export const cutsWord = (offsets, start, end) => [start, end].some((at) => at > 0 && at < offsets.length && INSIDE.test(offsets.slice(at - 1, at + 1)));

/**
 * A language tag that Intl takes; a document's own tag may be anything.
 * @param {string} [language]
 */
function known(language) {
  try {
    return language ? Intl.getCanonicalLocales(language) : undefined;
  } catch {
    return undefined;
  }
}
