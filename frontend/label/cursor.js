/** Moving and stretching the selection by words, sentences and characters: places in, places out. */

/** @import {Selected} from "./types.js" */
/** @import {Stretch, wordsOf} from "./text/words.js" */

/** @typedef {ReturnType<typeof wordsOf>} Words */
/** @typedef {"word"|"sentence"} Unit */

const whole = (/** @type {Stretch|null} */ found) => (found ? { anchor: found.start, focus: found.end } : null);
const left = (/** @type {Selected} */ { anchor, focus }) => Math.min(anchor, focus);
const right = (/** @type {Selected} */ { anchor, focus }) => Math.max(anchor, focus);

/**
 * The next or previous whole word or sentence. From a part of a sentence, that sentence comes first.
 * @param {Words} words
 * @param {Unit} unit
 * @param {Selected|null} at
 * @param {1|-1} step
 * @returns {Selected|null}
 */
export function stepped(words, unit, at, step) {
  if (!at) return whole(words.following(unit, 0));
  if (unit === "sentence") {
    const here = words.covering("sentence", left(at));
    if (here && here.start <= left(at) && right(at) <= here.end && (here.start !== left(at) || here.end !== right(at))) return whole(here);
  }
  return whole(step > 0 ? words.following(unit, right(at)) : words.preceding(unit, left(at))) ?? at;
}

/**
 * The selection with its moving end a word or sentence further. When that would leave nothing, the ends change places first,
 * so that what the cursor stood on stays selected whichever way one goes on.
 * @param {Words} words
 * @param {Unit} unit
 * @param {Selected|null} at
 * @param {1|-1} step
 * @returns {Selected|null}
 */
export function extended(words, unit, at, step) {
  if (!at) return stepped(words, unit, at, step);
  const [low, high] = [left(at), right(at)];
  if (step > 0) {
    if (at.focus < at.anchor) {
      const kept = words.following(unit, following(words, unit, low));
      if (kept && kept.start < high) return { anchor: high, focus: kept.start };
    }
    const next = words.following(unit, high);
    return next ? { anchor: low, focus: next.end } : at;
  }
  if (at.focus > at.anchor) {
    const kept = words.preceding(unit, preceding(words, unit, high));
    if (kept && kept.end > low) return { anchor: low, focus: kept.end };
  }
  const before = words.preceding(unit, low);
  return before ? { anchor: high, focus: before.start } : at;
}

/**
 * @param {Words} words
 * @param {Unit} unit
 * @param {number} at
 */
const following = (words, unit, at) => words.following(unit, at)?.end ?? at;

/**
 * @param {Words} words
 * @param {Unit} unit
 * @param {number} at
 */
const preceding = (words, unit, at) => words.preceding(unit, at)?.start ?? at;

/**
 * The selection with one end a character (as a reader sees it) further.
 * @param {Words} words
 * @param {Selected} at
 * @param {1|-1} step
 * @param {"anchor"|"focus"} end
 * @returns {Selected}
 */
export function nudged(words, at, step, end = "focus") {
  const place = step > 0 ? words.following("grapheme", at[end])?.end : words.preceding("grapheme", at[end])?.start;
  return { ...at, [end]: place ?? at[end] };
}

/**
 * The selection with both ends at the edges of words; as it is where there is no word.
 * @param {Words} words
 * @param {Selected} at
 * @returns {Selected}
 */
export function snapped(words, at) {
  if (at.anchor === at.focus) return at;
  const first = words.covering("word", left(at));
  const low = first && first.start < right(at) && left(at) < first.end ? first.start : left(at);
  const last = words.covering("word", right(at) - 1);
  const high = last && last.start < right(at) && low < last.end ? Math.max(right(at), last.end) : right(at);
  return at.anchor < at.focus ? { anchor: low, focus: high } : { anchor: high, focus: low };
}

/**
 * The smallest of word, sentence and paragraph that is more than what is selected.
 * @param {Words} words
 * @param {Selected|null} at
 * @returns {Selected|null}
 */
export function widened(words, at) {
  if (!at) return stepped(words, "word", at, 1);
  const [low, high] = [left(at), right(at)];
  for (const found of [words.covering("word", low), words.covering("sentence", low), words.paragraph(low)]) {
    if (found && found.start <= low && high <= found.end && found.end - found.start > high - low) return whole(found);
  }
  return at;
}

/**
 * The largest of sentence and word, where the selection begins, that is less than what is selected.
 * @param {Words} words
 * @param {Selected|null} at
 * @returns {Selected|null}
 */
export function narrowed(words, at) {
  if (!at) return at;
  const [low, high] = [left(at), right(at)];
  for (const found of [words.covering("sentence", low), words.covering("word", low)]) {
    if (found && found.end - found.start < high - low) return whole(found);
  }
  return at;
}
