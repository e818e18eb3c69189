import { describe, expect, it } from "vitest";
import { DEEPEST, graphOf } from "../label/graph.js";

const span = (id, start, role = null) => ({ id, fragments: [[start, start + 5]], role });
const relation = (id, from, to) => ({ id, label: "supports", from: { span: from }, to });
const state = (spans, relations) => ({ spans: new Map(spans.map((s) => [s.id, s])), relations: new Map(relations.map((r) => [r.id, r])) });
const depths = (graph) => Object.fromEntries(graph.nodes.map(({ id, depth }) => [id, depth]));

describe("the map of the argument", () => {
  it("has the related spans in the order of reading, each further in than what it argues for", () => {
    const graph = graphOf(state([span("c", 50), span("a", 10), span("b", 30), span("alone", 70)], [relation("r1", "a", { span: "b" }), relation("r2", "b", { span: "c" }), relation("r3", "a", { span: "c" })]));
    expect(graph.nodes.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(depths(graph)).toEqual({ a: 2, b: 1, c: 0 });
  });

  it("puts what undercuts an inference beside the premise that it takes away", () => {
    const graph = graphOf(state([span("c", 0), span("p", 10), span("u", 20)], [relation("r", "p", { span: "c" }), relation("x", "u", { relation: "r" })]));
    expect(depths(graph)).toEqual({ c: 0, p: 1, u: 2 });
    expect(graph.edges.find(({ onto }) => onto)?.onto).toBe("r");
  });

  it("ends with rings, however they are tied, and with chains longer than the picture is wide", () => {
    const ring = graphOf(state([span("a", 0), span("b", 10), span("c", 20)], [relation("1", "a", { span: "b" }), relation("2", "b", { span: "c" }), relation("3", "c", { span: "a" })]));
    expect(ring.nodes.every(({ depth }) => depth >= 0 && depth <= DEEPEST)).toBe(true);
    const undercutting = graphOf(state([span("a", 0), span("b", 9)], [relation("1", "a", { relation: "2" }), relation("2", "b", { relation: "1" })]));
    expect(undercutting.nodes.length).toBe(2);
    const chain = graphOf(state([..."abcdefghij"].map((id, k) => span(id, k * 9)), [..."abcdefghi"].map((id, k) => relation(`r${k}`, id, { span: "abcdefghij"[k + 1] }))));
    expect(chain.nodes[0].depth).toBe(DEEPEST);
  });

  it("names the claims that stand alone, and leaves out a relation whose end is not there", () => {
    const graph = graphOf(state([span("c", 0, "claim"), span("p", 10, "premise"), span("d", 20, "major-claim")], [relation("r", "p", { span: "d" }), relation("lost", "p", { span: "gone" })]));
    expect(graph.bare.map(({ id }) => id)).toEqual(["c"]);
    expect(graph.edges.map(({ relation }) => relation.id)).toEqual(["r"]);
  });
});
