/** Every place where a phrase stands in the text, in code points. */

/** @import {Fragment} from "../types.js" */
/** @import {Offsets} from "./offsets.js" */

/** More places than these are more than anybody marks at once, or looks at. */
export const MOST = 500;

/**
 * The places, none over another. White space in the phrase fits any white space, for lines are broken where they are.
 * @param {string} text
 * @param {Offsets} offsets
 * @param {string} phrase
 * @param {{whole?: boolean, exact?: boolean}} [how] whole: not inside a longer word; exact: capitals matter
 * @returns {Fragment[]}
 */
export function placesOf(text, offsets, phrase, { whole = false, exact = false } = {}) {
  const words = phrase.trim().split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace(/\\-/g, "\\x2d"));
  if (!words[0]) return [];
  const letter = "[\\p{L}\\p{M}\\p{N}_]";
  const inside = words.join("\\s+");
  const pattern = new RegExp(whole ? `(?<!${letter})(?:${inside})(?!${letter})` : inside, exact ? "gu" : "giu");
  /** @type {Fragment[]} */
  const found = [];
  for (const match of text.matchAll(pattern)) {
    found.push([offsets.toCodePoints(match.index), offsets.toCodePoints(match.index + match[0].length)]);
    if (found.length === MOST) break;
  }
  return found;
}
