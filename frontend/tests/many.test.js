import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snapped } from "../label/cursor.js";
import { definitionOf } from "../label/panes/guideline.js";
import * as marks from "../label/state.js";
import { offsetsOf } from "../label/text/offsets.js";
import { paragraphsOf } from "../label/text/segments.js";
import { wordsOf } from "../label/text/words.js";
import { texts } from "./texts.js";

const span = (id, start, end, over = {}) => marks.addSpan({ id, fragments: [[start, end]], ...over })[0].object;
const opened = (...spans) => marks.opened({ spans, relations: [], comments: [], document_labels: {}, scheme: { holders: [] }, editable: true });
const over = (text) => wordsOf(text, offsetsOf(text), paragraphsOf(text, offsetsOf(text)));

describe("labelling many places", () => {
  it("is one change that one undo takes back, and labels again what is marked there already", () => {
    let number = 0;
    const state = opened(span("old", 4, 8, { stance: "anti", note: "kept" }));
    const done = marks.committed(state, marks.labelAll(state, [[0, 3], [4, 8], [9, 12]], { stance: "pro" }, () => ({ id: `n${number++}`, target: "t" })));
    expect([...done.state.spans.values()].map(({ id, stance, target, note }) => [id, stance, target, note])).toEqual([["old", "pro", null, "kept"], ["n0", "pro", "t", ""], ["n1", "pro", "t", ""]]);
    expect(marks.undone(done.state).state.spans).toEqual(state.spans);
  });

  it("knows which spans are in hand, the one and those besides, without those that are gone", () => {
    const state = { ...opened(span("a", 0, 2), span("b", 3, 5)), hand: { layer: "spans", id: "a" }, chosen: new Set(["a", "b"]) };
    expect(marks.inHand(state)).toEqual(["a", "b"]);
    expect(marks.inHand(marks.adopted(state, "spans", "b", null))).toEqual(["a"]);
    expect(marks.inHand({ ...state, hand: null })).toEqual([]);
  });
});

describe("selecting whole words", () => {
  it("goes out to the words' edges, either way round, and leaves whole words as they are", () => {
    const words = over("The council, at last, votes.");
    expect(snapped(words, { anchor: 6, focus: 18 })).toEqual({ anchor: 4, focus: 20 });
    expect(snapped(words, { anchor: 18, focus: 6 })).toEqual({ anchor: 20, focus: 4 });
    expect(snapped(words, { anchor: 4, focus: 11 })).toEqual({ anchor: 4, focus: 11 });
    expect(snapped(words, { anchor: 11, focus: 13 })).toEqual({ anchor: 11, focus: 13 });
  });

  it("never selects less than was meant, and is content with what it selected", () => {
    fc.assert(fc.property(texts, fc.nat(), fc.nat(), (text, a, b) => {
      const { length } = [...text];
      fc.pre(length > 1);
      const at = { anchor: a % length, focus: b % length };
      const first = snapped(over(text), at);
      expect(Math.min(first.anchor, first.focus)).toBeLessThanOrEqual(Math.min(at.anchor, at.focus));
      expect(Math.max(first.anchor, first.focus)).toBeGreaterThanOrEqual(Math.max(at.anchor, at.focus));
      expect(snapped(over(text), first)).toEqual(first);
    }));
  });
});

describe("a label's definition", () => {
  it("stands apart from its examples", () => {
    expect(definitionOf("Favours limits. Example: “Stay.” Examples: “Keep it.”")).toEqual(["Favours limits.", "“Stay.”", "“Keep it.”"]);
    expect(definitionOf("Sets an example for others.")).toEqual(["Sets an example for others."]);
  });
});
