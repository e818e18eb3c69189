// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copied } from "../label/panes/guideline.js";
import { fitting, matching } from "../label/panes/holder.js";
import { withEnd } from "../label/panes/handles.js";
import { lanesOf } from "../label/panes/arcs.js";
import { offsetsOf } from "../label/text/offsets.js";
import { createPainter } from "../label/text/paint.js";
import { merged, paragraphsOf } from "../label/text/segments.js";
import { codePointAt, placeOf, rangeOf } from "../label/text/selection.js";
import { texts } from "./texts.js";

function painted(text) {
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  const offsets = offsetsOf(text);
  return createPainter(root, text, offsets, paragraphsOf(text, offsets), (stance) => ["x", "y"].indexOf(stance));
}
const spansOf = (length) => fc.array(fc.record({ id: fc.constantFrom(..."abcdef"), at: fc.nat(length), size: fc.integer({ min: 1, max: 9 }), stance: fc.constantFrom("x", "y", null), more: fc.boolean() }), { maxLength: 6 })
  .map((all) => new Map(all.flatMap(({ id, at, size, stance, more }) => {
    const fragments = merged([[at, Math.min(length, at + size)], ...more ? [[Math.min(length, at + size + 2), Math.min(length, at + size + 5)]] : []]);
    return fragments.length ? [[id, { id, fragments, stance }]] : [];
  })));
const scene = texts.filter((text) => text.length > 0).chain((text) => fc.tuple(fc.constant(text), fc.array(spansOf([...text].length), { maxLength: 4 })));

describe("the painted text", () => {
  it("is the document's text to the last unit, whatever is marked, changed and taken away", () => {
    fc.assert(fc.property(scene, ([text, states]) => {
      const painter = painted(text);
      expect(painter.root.textContent).toBe(text);
      for (const spans of [...states, new Map()]) {
        painter.show(spans);
        expect(painter.root.textContent).toBe(text);
        for (const span of spans.values()) {
          const own = painter.pieces(new Set([span.id])).map((piece) => piece.textContent).join("");
          expect(own).toBe(span.fragments.map(([start, end]) => painter.offsets.slice(start, end)).join(""));
        }
      }
    }));
  });

  it("after many changes looks as if painted at once", () => {
    fc.assert(fc.property(scene, ([text, states]) => {
      const painter = painted(text);
      for (const spans of states) painter.show(spans);
      const fresh = painted(text);
      fresh.show(states.at(-1) ?? new Map());
      const looks = (p) => p.paragraphs.map(({ index }) => [...p.element(index).childNodes].map((n) => [n.textContent, n.style?.cssText ?? ""]).filter(([t]) => t));
      const joined = (pieces) => pieces.reduce((all, [t, css]) => (all.length && !css && !all.at(-1)[1] ? [...all.slice(0, -1), [all.at(-1)[0] + t, ""]] : [...all, [t, css]]), []);
      expect(looks(painter).map(joined)).toEqual(looks(fresh).map(joined));
    }));
  });

  it("repaints only the paragraphs under what changed", () => {
    const painter = painted("one\ntwo\nthree\nfour");
    const a = { id: "a", fragments: [[0, 2]], stance: "x" };
    painter.show(new Map([["a", a]]));
    const before = painter.element(0).firstChild;
    expect([...painter.show(new Map([["a", a], ["b", { id: "b", fragments: [[5, 10]], stance: "y" }]]))]).toEqual([1, 2]);
    expect(painter.element(0).firstChild).toBe(before);
    expect([...painter.show(new Map([["a", a]]))]).toEqual([1, 2]);
  });

  it("never makes an element from what a text says", () => {
    const painter = painted("<img src=x onerror=alert(1)> <b>bold</b>");
    painter.show(new Map([["a", { id: "a", fragments: [[2, 30]], stance: "x" }]]));
    expect(painter.root.querySelector("img, b")).toBe(null);
  });
});

describe("places in the text", () => {
  it("go to the DOM and back for every code point, between whatever spans", () => {
    fc.assert(fc.property(scene, ([text, states]) => {
      const painter = painted(text);
      for (const spans of states) painter.show(spans);
      for (let at = 0; at <= painter.offsets.length; at++) {
        expect(codePointAt(painter, ...placeOf(painter, at))).toBe(at);
        expect(codePointAt(painter, ...placeOf(painter, at, true))).toBe(at);
      }
    }), { numRuns: 40 });
  });

  it("make ranges that say the text between two code points", () => {
    fc.assert(fc.property(scene, fc.nat(), fc.nat(), ([text, states], a, b) => {
      const painter = painted(text);
      for (const spans of states) painter.show(spans);
      const [start, end] = [a, b].map((n) => n % (painter.offsets.length + 1)).sort((x, y) => x - y);
      expect(rangeOf(painter, start, end).toString()).toBe(painter.offsets.slice(start, end));
    }));
  });

  it("between and after paragraphs count as the start of what follows, or the end", () => {
    const painter = painted("one\ntwo\n");
    const chunk = painter.root.firstChild;
    expect([codePointAt(painter, chunk, 0), codePointAt(painter, chunk, 1), codePointAt(painter, chunk, 2), codePointAt(painter, painter.root, 1)]).toEqual([0, 4, 8, 8]);
    expect(codePointAt(painter, document.body, 0)).toBe(null);
  });
});

describe("the panes' rules", () => {
  it("move one end of a span, dropping the fragments that it passes", () => {
    expect(withEnd([[0, 5], [10, 15]], "end", 12)).toEqual([[0, 5], [10, 12]]);
    expect(withEnd([[0, 5], [10, 15]], "end", 8)).toEqual([[0, 8]]);
    expect(withEnd([[0, 5], [10, 15]], "start", 11)).toEqual([[11, 15]]);
    expect(withEnd([[4, 5]], "end", 2)).toEqual([]);
  });

  it("find holders by any word of their name, accents or not", () => {
    const holders = ["Sheriff Pell", "José Peña", "The police"].map((name) => ({ slug: name, name, parent: null }));
    expect(matching(holders, "pe").map((h) => h.name)).toEqual(["Sheriff Pell", "José Peña"]);
    expect(matching(holders, "jose").map((h) => h.name)).toEqual(["José Peña"]);
  });

  it("tell the holder of this very name from those that the words are only a part of", () => {
    const holders = [["Mayor Ada Quill", null], ["ada  quíll", "x"], ["Ada Quill", null]].map(([name, parent], k) => ({ slug: String(k), name, parent }));
    const slugs = (typed) => { const { exact, near } = fitting(holders, typed); return [exact.map((h) => h.slug), near.map((h) => h.slug)]; };
    expect(slugs(" ADA quill ")).toEqual([["2", "1"], ["0"]]);
    expect(slugs("Quill")).toEqual([[], ["0", "1", "2"]]);
    expect(slugs("")).toEqual([[], ["0", "1", "2"]]);
  });

  it("draw no relation over another, and one onto a relation further out", () => {
    const relation = (id, from, to) => ({ id, label: "supports", from: { span: from }, to, note: "", confidence: null });
    const heights = { a: 0, b: 100, c: 40, d: 60, e: 300 };
    const arcs = lanesOf([relation("long", "a", { span: "b" }), relation("short", "c", { span: "d" }), relation("onto", "e", { relation: "short" }), relation("lost", "e", { span: "gone" })], (id) => heights[id] ?? null);
    expect([...arcs.keys()].sort()).toEqual(["long", "onto", "short"]);
    expect(arcs.get("short").lane).toBe(0);
    expect(arcs.get("long").lane).toBe(1);
    expect(arcs.get("onto").lane).toBeGreaterThan(1);
  });

  it("build of a guideline only what a text needs", () => {
    const source = new DOMParser().parseFromString(
      '<h1 onclick="x()">Title</h1><p>See <a href="https://a.example/">this</a>, not <a href="javascript:x()">that</a>.</p><script>x()</script><img src=x onerror=x()><style>p{}</style><custom-tag>kept</custom-tag>', "text/html");
    const box = document.createElement("div");
    box.append(...copied(source.body));
    expect(box.innerHTML).toBe('<h2>Title</h2><p>See <a href="https://a.example/" target="_blank" rel="noopener noreferrer">this</a>, not <a>that</a>.</p>kept');
  });
});
