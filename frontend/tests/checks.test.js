import { describe, expect, it } from "vitest";
import { crossing, withoutTarget } from "../label/checks.js";
import * as marks from "../label/state.js";

const span = (id, fragments, over = {}) => marks.addSpan({ id, fragments, ...over })[0].object;
const opened = (...spans) => marks.opened({ spans, relations: [], comments: [], document_labels: {}, scheme: { holders: [] }, editable: true });
const ids = (spans) => spans.map(({ id }) => id);

describe("what may have been overlooked", () => {
  it("is a stance toward none of several targets, but not where there is one", () => {
    const state = opened(span("a", [[0, 2]], { stance: "pro" }), span("b", [[3, 5]], { stance: "anti", target: "city" }), span("c", [[6, 8]], { role: "claim" }));
    expect(ids(withoutTarget(state, [{ slug: "city" }, { slug: "police" }]))).toEqual(["a"]);
    expect(withoutTarget(state, [{ slug: "city" }])).toEqual([]);
  });

  it.each([
    ["other stances over the same words", { stance: "anti" }, ["a", "b"]],
    ["the same stance twice", { stance: "pro" }, []],
    ["stances toward different targets", { stance: "anti", target: "police" }, []],
    ["a role without a stance", { role: "claim" }, []],
  ])("%s", (_name, over, expected) => {
    const state = opened(span("a", [[0, 10]], { stance: "pro" }), span("b", [[4, 6]], over));
    expect(ids(crossing(state))).toEqual(expected);
  });

  it("is no crossing where a span lies in the gap of another, or only touches it", () => {
    const state = opened(span("a", [[0, 4], [8, 12]], { stance: "pro" }), span("b", [[4, 8]], { stance: "anti" }), span("c", [[12, 14]], { stance: "anti" }));
    expect(crossing(state)).toEqual([]);
  });

  it("finds a long span that begins before others that end", () => {
    const state = opened(span("long", [[0, 100]], { stance: "pro" }), span("b", [[2, 4]], { stance: "pro" }), span("c", [[90, 95]], { stance: "anti" }));
    expect(ids(crossing(state))).toEqual(["long", "c"]);
  });
});
