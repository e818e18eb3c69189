import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesOf } from "../label/changes.js";

describe("what changed in a guideline", () => {
  it("is told line by line, what went before what came", () => {
    expect(changesOf("# A\n\nold\nkept", "# A\nnew\nkept\nmore").map(({ kind, text }) => `${kind} ${text}`)).toEqual(["same # A", "gone old", "new new", "same kept", "new more"]);
  });

  it("gives both wordings back, whatever they are", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
    fc.assert(fc.property(lines, lines, (before, after) => {
      const changes = changesOf(before.join("\n"), after.join("\n"));
      const of = (...kinds) => changes.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);
      expect(of("same", "gone")).toEqual(before);
      expect(of("same", "new")).toEqual(after);
      if (before.join() === after.join()) expect(of("gone", "new")).toEqual([]);
    }));
  });
});
