import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offsetsOf } from "../label/text/offsets.js";
import { texts } from "./texts.js";

describe("offsets", () => {
  it("slices by code points as Python does", () => {
    fc.assert(fc.property(texts, fc.nat(), fc.nat(), (text, a, b) => {
      const points = [...text];
      const [start, end] = [a % (points.length + 1), b % (points.length + 1)].sort((x, y) => x - y);
      expect(offsetsOf(text).slice(start, end)).toBe(points.slice(start, end).join(""));
    }));
  });

  it("goes to units and back for every code point", () => {
    fc.assert(fc.property(texts, (text) => {
      const offsets = offsetsOf(text);
      expect(offsets.length).toBe([...text].length);
      let unit = 0;
      [...text, ""].forEach((character, point) => {
        expect(offsets.toUnits(point)).toBe(unit);
        expect(offsets.toCodePoints(unit)).toBe(point);
        unit += character.length;
      });
    }));
  });

  it("counts a unit inside a surrogate pair as the pair's start", () => {
    expect(offsetsOf("a👧b").toCodePoints(2)).toBe(1);
    expect(offsetsOf("a👧b").toCodePoints(3)).toBe(2);
  });

  it("keeps what is out of range at the ends", () => {
    const offsets = offsetsOf("👧");
    expect([offsets.toUnits(-3), offsets.toUnits(9), offsets.toCodePoints(9)]).toEqual([0, 2, 1]);
  });
});
