/** A guess at whose stance a span is: the name in the registry that stands nearest to it, best beside a word of saying. */

/** @import {Holder} from "./types.js" */

const SAYING = /(?<!\p{L})(?:said|say|says|told|tell|asked|argue[sd]?|claim(?:s|ed)|insist(?:s|ed)|wr(?:o|i)tes?|added|answered|replied|warn(?:s|ed)|call(?:s|ed)|according|dij(?:o|eron)|dice|afirm[aó]|según|sagt?e?|meint?e?|erklärte?|laut|dit|selon|déclar\p{L}+|قالت?|يقول|تقول|أضافت?)(?!\p{L})/iu;
const PRONOUN = /(?<!\p{L})(?:s?he|they|I|we|ella?|él|ell[oa]s|er|sie|wir|ich|elles?|ils?|nous|je|هو|هي|هم)(?!\p{L})/iu;
const OPEN = /[“„«]/g;
const CLOSE = /[”»]/g;
const FAR = 500;
/** Who speaks stands first in a record ("THE CHAIR:") and a thread ("@somebody:"), and speaks until the next one does. */
const SPEAKER = /^(?:@[^\n:]{2,40}|\p{Lu}{2}[^\n.!?:]{0,40})(?=:\s)/gmu;
const TURN = 3000;

/**
 * The slug of the likely holder, or null when nothing speaks for anybody.
 * @param {string} text
 * @param {number} start of the span, in units
 * @param {number} end
 * @param {Holder[]} holders
 * @returns {string|null}
 */
export function guessHolder(text, start, end, holders) {
  const before = text.slice(Math.max(0, start - FAR), start);
  const after = /^[^\n]{0,160}/.exec(text.slice(end, end + FAR))?.[0] ?? "";
  const paragraph = before.slice(before.lastIndexOf("\n") + 1);
  const inside = text.slice(start, end);
  const count = (/** @type {RegExp} */ sign) => paragraph.match(sign)?.length ?? 0;
  const begins = /^[“„«"]/.test(inside);
  const quoted = begins || count(OPEN) > count(CLOSE) || count(/"/g) % 2 === 1;
  const words = quoted ? attribution(begins ? paragraph : paragraph.replace(/[“„«"][^“„«"]*$/, ""), inside, after) : sentenceOf(paragraph, inside, after);
  const said = SAYING.test(words);
  const author = holders.find(({ slug }) => slug === "author")?.slug ?? null;
  const known = holders.filter(({ parent, slug }) => !parent && slug !== author).map((holder) => ({ slug: holder.slug, names: aliases(holder, holders) }));
  const speaker = [...text.slice(Math.max(0, start - TURN), start).matchAll(SPEAKER)].at(-1)?.[0];
  if (speaker) return known.find(({ names }) => speaker.search(names) >= 0)?.slug ?? null;
  if (!quoted && !said) return author;
  if (said) {
    const named = nearestTo(SAYING, words, known);
    if (named || !PRONOUN.test(words)) return named;   // a stranger's words are nobody's here
  }
  const parts = /** @type {const} */ ([[paragraph, "before"], [inside, "inside"], [after, "after"]]);
  let best = { slug: /** @type {string|null} */ (null), far: FAR };
  for (const { slug, names } of known) for (const [part, where] of parts) for (const { index, 0: { length } } of part.matchAll(names)) {
    const gap = part.slice(index + length);
    const near = part.slice(Math.max(0, index - 25), index + length + 25);
    const far = (where === "before" ? gap.length : where === "after" ? index : 60) - (SAYING.test(near) ? 120 : 0);
    if (far < best.far) best = { slug, far };
  }
  return best.slug;
}

/**
 * The words that say whose a quotation is: those that lead to it, else those that follow its end in the same sentence.
 * @param {string} lead the paragraph up to the opening mark
 * @param {string} inside
 * @param {string} after
 */
function attribution(lead, inside, after) {
  const leading = /[^.!?;”»"]*$/.exec(lead)?.[0] ?? "";
  if (SAYING.test(leading)) return leading;
  const [, last, following] = /([^”»"]?)[”»"]([^.!?;“„«"]*)/.exec(inside.slice(-2) + after) ?? [];
  return last === "." ? "" : following ?? "";
}

/**
 * The sentence that a span lies in, as far as its paragraph goes.
 * @param {string} paragraph up to the span
 * @param {string} inside
 * @param {string} after
 */
function sentenceOf(paragraph, inside, after) {
  const rest = /[.!?][”"»]?\s*$/.test(inside) ? "" : /^[^.!?]*/.exec(after)?.[0];
  return `${/[^.!?]*$/.exec(paragraph)?.[0]}${inside}${rest}`;
}

/**
 * Who is named nearest to the word of saying.
 * @param {RegExp} saying
 * @param {string} words
 * @param {{slug: string, names: RegExp}[]} known
 */
function nearestTo(saying, words, known) {
  const found = saying.exec(words);
  let best = { slug: /** @type {string|null} */ (null), far: Infinity };
  for (const { slug, names } of known) for (const { index, 0: { length } } of words.matchAll(names)) {
    const far = found ? Math.max(index - found.index - found[0].length, found.index - index - length) : Infinity;
    if (far < best.far) best = { slug, far };
  }
  return best.slug;
}

/**
 * The whole name, or any word of it that no other holder has.
 * @param {Holder} holder
 * @param {Holder[]} holders
 */
function aliases({ slug, name }, holders) {
  const others = holders.filter((holder) => holder.slug !== slug && !holder.parent).flatMap((holder) => holder.name.split(/\s+/));
  const words = [name, ...name.split(/\s+/).filter((word) => /^[^\p{Ll}]../u.test(word) && !others.includes(word))];
  const safe = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${safe.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}
