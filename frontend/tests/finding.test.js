import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placesOf } from "../label/text/finding.js";
import { offsetsOf } from "../label/text/offsets.js";
import { texts } from "./texts.js";

const find = (text, phrase, how) => placesOf(text, offsetsOf(text), phrase, how).map(([start, end]) => [start, [...text].slice(start, end).join("")]);

describe("finding a phrase", () => {
  it("counts code points, whatever stands before", () => expect(find("👧🏽 the city, the 🌆 City", "city")).toEqual([[7, "city"], [19, "City"]]));
  it("goes over line breaks and doubled spaces", () => expect(find("sanctuary\r\n  city and sanctuary city", "sanctuary city").length).toBe(2));
  it("takes every sign as itself", () => expect(find("a.c (a-c) abc [x]^$*+?{1}|\\/", "a.c").concat(find("(a-c)", "(a-c)"), find("[x]^$*+?{1}|\\/", "[x]^$*+?{1}|\\/")).length).toBe(3));
  it("can leave longer words and other capitals alone", () => {
    expect(find("Law lawful law", "law", { whole: true, exact: true })).toEqual([[11, "law"]]);
    expect(find("قانون وقانون", "قانون", { whole: true }).length).toBe(1);
  });
  it("finds nothing for nothing", () => expect(find("abc", "  ")).toEqual([]));
  it("finds any piece of any text, where the text itself has it", () => {
    fc.assert(fc.property(texts, fc.nat(), fc.integer({ min: 1, max: 12 }), (text, at, size) => {
      const points = [...text];
      fc.pre(points.length > 0);
      const start = at % points.length;
      const phrase = points.slice(start, start + size).join("");
      fc.pre(phrase.trim() === phrase && phrase && !/^[\u{fe00}-\u{fe0f}]/u.test(phrase));
      const found = find(text, phrase, { exact: true });
      expect(found.length).toBeGreaterThan(0);
      for (const [from, piece] of found) expect(piece.split(/\s+/)).toEqual(points.slice(from, from + [...piece].length).join("").split(/\s+/));
    }));
  });
});
