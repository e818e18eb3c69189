import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extended, narrowed, nudged, stepped, widened } from "../label/cursor.js";
import { offsetsOf } from "../label/text/offsets.js";
import { paragraphsOf } from "../label/text/segments.js";
import { cutsWord, trimmed, wordsOf } from "../label/text/words.js";
import { texts } from "./texts.js";

function reading(text, language = "en") {
  const offsets = offsetsOf(text);
  const words = wordsOf(text, offsets, paragraphsOf(text, offsets), language);
  return { offsets, words, said: (at) => at && offsets.slice(Math.min(at.anchor, at.focus), Math.max(at.anchor, at.focus)) };
}
const walk = (words, unit, step, from = null) => {
  const found = [];
  for (let at = stepped(words, unit, from, step), before = null; at && at.anchor !== before?.anchor; [before, at] = [at, stepped(words, unit, at, step)]) found.push(at);
  return found.filter(({ anchor, focus }) => anchor !== focus);
};

describe("the cursor", () => {
  it("walks every word of every script once, over paragraphs, and the same way back", () => {
    fc.assert(fc.property(texts, (text) => {
      const { words, offsets, said } = reading(text);
      const segmenter = new Intl.Segmenter("en", { granularity: "word" });
      const expected = paragraphsOf(text, offsets)
        .flatMap(({ from, to }) => [...segmenter.segment(text.slice(from, to))].filter((s) => s.isWordLike).map((s) => s.segment));
      const there = walk(words, "word", 1);
      expect(there.map(said)).toEqual(expected);
      expect(walk(words, "word", -1, { anchor: offsets.length, focus: offsets.length }).map(said)).toEqual(expected.toReversed());
    }));
  });

  it("walks sentences without the space around them", () => {
    const { words, said } = reading("One is here.  Two is there!\r\n\r\nThree? Four.");
    expect(walk(words, "sentence", 1).map(said)).toEqual(["One is here.", "Two is there!", "Three?", "Four."]);
  });

  it("keeps the word it stood on when it extends either way, and shrinks by the way it came", () => {
    const { words, said } = reading("alpha beta gamma delta");
    const beta = { anchor: 6, focus: 10 };
    const left = extended(words, "word", beta, -1);
    expect(said(left)).toBe("alpha beta");
    expect(said(extended(words, "word", left, 1))).toBe("beta");
    const right = extended(words, "word", beta, 1);
    expect(said(right)).toBe("beta gamma");
    expect(said(extended(words, "word", right, -1))).toBe("beta");
  });

  it("nudges by what a reader sees as one character", () => {
    const { words, said } = reading("e\u0301👩‍👩‍👧x");
    const one = nudged(words, { anchor: 0, focus: 0 }, 1);
    expect(said(one)).toBe("e\u0301");
    expect(said(nudged(words, one, 1))).toBe("e\u0301👩‍👩‍👧");
    expect(nudged(words, nudged(words, one, 1), -1)).toEqual(one);
  });

  it("widens from word to sentence to paragraph, and narrows back", () => {
    const { words, said } = reading("First one. Second one here.\nNext.");
    let at = stepped(words, "word", { anchor: 11, focus: 11 }, 1);
    const steps = [said(at)];
    for (let k = 0; k < 3; k++) steps.push(said(at = widened(words, at)));
    expect(steps).toEqual(["Second", "Second one here.", "First one. Second one here.", "First one. Second one here."]);
    expect([said(at = narrowed(words, at)), said(at = narrowed(words, at))]).toEqual(["First one.", "First"]);
  });

  it("finds its way in a paragraph of a megabyte", () => {
    const { words, said, offsets } = reading("word 👧 ".repeat(120_000));
    const at = stepped(words, "word", { anchor: 420_000, focus: 420_000 }, 1);
    expect(said(at)).toBe("word");
    expect(said(stepped(words, "word", { anchor: offsets.length, focus: offsets.length }, -1))).toBe("word");
  });
});

describe("trimming", () => {
  it("takes the white space off both ends and nothing else", () => {
    fc.assert(fc.property(texts, (text) => {
      const offsets = offsetsOf(text);
      const { start, end } = trimmed(offsets, 0, offsets.length);
      expect(offsets.slice(start, end)).toBe(text.trim());
    }));
  });
});

describe("a stretch that cuts a word", () => {
  it.each([
    ["the ordinance", 6, 13, true], ["the ordinance", 4, 13, false], ["the ordinance", 0, 3, false], ["the ordinance", 0, 9, true],
    ["it isn’t so", 3, 8, false], ["𝒞𝒾𝓉𝓎 hall", 2, 4, true], ["cafe\u0301 near", 0, 4, true], ["город", 2, 5, true], ["المدينة", 0, 3, true],
    ["城市更安全", 1, 3, false], ["เมืองปลอดภัย", 2, 6, false], ["12-B", 0, 2, false],
  ])("%s from %i to %i: %s", (text, start, end, cuts) => {
    expect(cutsWord(offsetsOf(text), start, end)).toBe(cuts);
  });
});
