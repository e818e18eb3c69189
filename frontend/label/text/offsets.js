/**
 * The only place where UTF-16 units and code points meet. The state, the server and every file count code points;
 * the DOM counts UTF-16 units. Nothing is normalised: the text stays as it is, unit by unit.
 */

/**
 * @typedef {Object} Offsets
 * @property {number} length the text's length in code points
 * @property {number} units the text's length in UTF-16 units
 * @property {(codePoint: number) => number} toUnits
 * @property {(unit: number) => number} toCodePoints a unit inside a surrogate pair counts as the pair's start
 * @property {(start: number, end: number) => string} slice the text between two code points
 */

/**
 * Maps between the two counts of one text in O(log of its astral characters).
 * @param {string} text
 * @returns {Offsets}
 */
export function offsetsOf(text) {
  const pairs = astralUnits(text);
  const length = text.length - pairs.length;
  const clampTo = (/** @type {number} */ value, /** @type {number} */ top) => Math.min(Math.max(value, 0), top);

  const toUnits = (/** @type {number} */ codePoint) => {
    const at = clampTo(codePoint, length);
    // The k-th pair starts at code point pairs[k] - k: each pair before it took one unit too many.
    return at + countWhile(pairs.length, (k) => pairs[k] - k < at);
  };
  const toCodePoints = (/** @type {number} */ unit) => {
    const at = clampTo(unit, text.length);
    return at - countWhile(pairs.length, (k) => pairs[k] + 1 <= at);
  };
  return {
    length, units: text.length, toUnits, toCodePoints,
    slice: (start, end) => text.slice(toUnits(start), toUnits(end)),
  };
}

/**
 * Where each surrogate pair starts, in units.
 * @param {string} text
 */
function astralUnits(text) {
  const found = [];
  for (const match of text.matchAll(/[\u{10000}-\u{10FFFF}]/gu)) found.push(match.index);
  return Uint32Array.from(found);
}

/**
 * How many of 0..length-1 hold, for a condition that holds first and then no more.
 * @param {number} length
 * @param {(k: number) => boolean} holds
 */
function countWhile(length, holds) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
