import { describe as about, expect, it } from "vitest";
import { describe, describeEnd } from "../label/wording.js";

const span = (id, fragments) => [id, { id, stance: "pro", role: null, holder: null, fragments }];
const relation = (id, from, to) => [id, { id, label: "attacks", from: { span: from }, to }];
const text = "One two three four";
const page = {
  labels: { stanceName: () => "Pro", roleName: () => null, relationName: () => "Attacks" },
  state: {
    holders: [], comments: new Map(),
    spans: new Map([span("a", [[0, 3]]), span("b", [[4, 7]]), span("c", [[0, 3], [8, 13]])]),
    relations: new Map([relation("r", "a", { span: "b" }), relation("q", "c", { relation: "r" })]),
  },
  excerpt: (fragments) => fragments.map(([start, end]) => text.slice(start, end)).join(" … "),
};
const plain = (words) => words.replace(/[\u2068\u2069]/g, "");

about("relations in words", () => {
  it("name their kind first, and an inner relation by its ends", () => {
    expect(plain(describe(page, { layer: "relations", id: "r" }))).toBe("Attacks: Pro: “One” → Pro: “two”");
    expect(plain(describe(page, { layer: "relations", id: "q" }))).toBe("Attacks: Pro: “One … three” → the relation (Pro: “One” attacks Pro: “two”)");
  });

  it("read on behind their verb", () => {
    expect(plain(describeEnd(page, { layer: "relations", id: "r" }))).toBe("the relation (Pro: “One” attacks Pro: “two”)");
    expect(plain(describeEnd(page, { layer: "spans", id: "c" }))).toBe("Pro: “One … three”");
  });
});
