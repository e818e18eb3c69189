import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merged, paragraphAt, paragraphsOf, paragraphsUnder, segmentsOf } from "../label/text/segments.js";
import { offsetsOf } from "../label/text/offsets.js";
import { texts } from "./texts.js";

const span = (id, ...fragments) => ({ id, fragments });

/** Spans within a text of some length, discontinuous ones among them. */
const spansWithin = (length) => fc.array(fc.array(fc.tuple(fc.nat(length), fc.nat(length)), { minLength: 1, maxLength: 3 }), { maxLength: 12 })
  .map((all) => all.map((pairs, k) => span(`s${k}`, ...merged(pairs.map((pair) => pair.toSorted((a, b) => a - b))))).filter((s) => s.fragments.length));

describe("paragraphs", () => {
  it("joined are the text, to the last unit", () => {
    fc.assert(fc.property(texts, (text) => {
      const paragraphs = paragraphsOf(text, offsetsOf(text));
      expect(paragraphs.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
      expect(paragraphs.map(({ start, end }) => [...text].slice(start, end).join("")).join("")).toBe(text);
    }));
  });

  it("end at CRLF as one, at LF and at a lone CR", () => {
    const text = "a\r\nb\nc\rd";
    expect(paragraphsOf(text, offsetsOf(text)).map(({ from, to }) => text.slice(from, to))).toEqual(["a\r\n", "b\n", "c\r", "d"]);
  });

  it("are cut where a line is too long for a browser, at a space, or between two characters where there is none", () => {
    const cut = (text) => paragraphsOf(text, offsetsOf(text)).map(({ from, to }) => text.slice(from, to));
    const words = cut("some words ".repeat(4000));
    expect(words.join("")).toBe("some words ".repeat(4000));
    expect(words.every((piece) => piece.length <= 8000 && / $/.test(piece))).toBe(true);
    const astral = cut(`x${"👧".repeat(20_000)}`);
    expect(astral.join("")).toBe(`x${"👧".repeat(20_000)}`);
    expect(astral.every((piece) => piece.isWellFormed())).toBe(true);
  });

  it("are found by any code point in them", () => {
    fc.assert(fc.property(texts, fc.nat(), (text, n) => {
      const offsets = offsetsOf(text);
      const paragraphs = paragraphsOf(text, offsets);
      const at = n % (offsets.length || 1);
      const { start, end } = paragraphs[paragraphAt(paragraphs, at)];
      expect(start <= at && (at < end || offsets.length === 0)).toBe(true);
    }));
  });

  it("under a span are all that it covers or bridges, and no other", () => {
    const text = "one\ntwo\nthree\nfour";
    const paragraphs = paragraphsOf(text, offsetsOf(text));
    expect(paragraphsUnder(paragraphs, span("s", [0, 4]))).toEqual([0]);
    expect(paragraphsUnder(paragraphs, span("s", [1, 5]))).toEqual([0, 1]);
    expect(paragraphsUnder(paragraphs, span("s", [1, 2], [9, 10]))).toEqual([0, 1, 2]);
  });
});

describe("segments", () => {
  const paragraph = { start: 5, end: 45 };

  it("cover the paragraph without hole or overlap, and say for each place which spans are there", () => {
    fc.assert(fc.property(spansWithin(50), (spans) => {
      const segments = segmentsOf(paragraph, spans);
      expect(segments[0].start).toBe(5);
      expect(segments.at(-1).end).toBe(45);
      segments.slice(1).forEach(({ start }, k) => expect(start).toBe(segments[k].end));
      for (const { start, end, layers } of segments) for (let at = start; at < end; at++) {
        const covering = spans.filter((s) => s.fragments.some(([a, b]) => a <= at && at < b)).map((s) => s.id);
        expect(layers.filter((l) => !l.gap).map((l) => l.id).sort()).toEqual(covering.sort());
      }
    }));
  });

  it("never draw two spans of one place on one lane, and keep a span on its lane", () => {
    fc.assert(fc.property(spansWithin(50), (spans) => {
      const lane = new Map();
      for (const { layers } of segmentsOf(paragraph, spans)) {
        expect(new Set(layers.map((l) => l.lane)).size).toBe(layers.length);
        for (const l of layers) {
          expect(lane.get(l.id) ?? l.lane).toBe(l.lane);
          lane.set(l.id, l.lane);
        }
      }
    }));
  });

  it("mark the gap of a discontinuous span, so that its parts are seen to belong together", () => {
    const [, first, gap, second] = segmentsOf(paragraph, [span("s", [10, 12], [20, 22])]);
    expect([first, gap, second].map((s) => [s.start, s.end, s.layers])).toEqual([
      [10, 12, [{ id: "s", lane: 0, gap: false }]], [12, 20, [{ id: "s", lane: 0, gap: true }]], [20, 22, [{ id: "s", lane: 0, gap: false }]],
    ]);
  });
});

describe("merged", () => {
  it("leaves fragments sorted, apart and with the same places covered", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(40))), (pairs) => {
      const out = merged(pairs);
      out.slice(1).forEach(([start], k) => expect(start).toBeGreaterThan(out[k][1]));
      for (let at = 0; at < 41; at++) {
        const inside = (all) => all.some(([a, b]) => a <= at && at < b);
        expect(inside(out)).toBe(inside(pairs));
      }
    }));
  });
});
