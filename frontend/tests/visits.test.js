import { describe, expect, it } from "vitest";
import * as marks from "../label/state.js";
import { packed, unpacked } from "../label/visits.js";

const opened = (spans = [], over = {}) => marks.opened({ spans, relations: [], comments: [], document_labels: {}, scheme: { holders: [] }, editable: true, ...over });
const span = marks.addSpan({ id: "s", fragments: [[0, 4]] })[0].object;
const asServed = ({ fragments, ...rest }) => ({ guideline: 1, quote: "text", version: 3, ...rest, fragments });

describe("undo after a reload", () => {
  it("goes on where the visit was, with what the server must hear", () => {
    let { state } = marks.committed(opened(), marks.addSpan(span));
    ({ state } = marks.committed(state, marks.alter(state, "spans", "s", { stance: "pro" })));
    const again = unpacked(opened([asServed(state.spans.get("s"))]), packed(state));
    const once = marks.undone(again);
    expect(once.state.spans.get("s").stance).toBeNull();
    const twice = marks.undone(once.state);
    expect(twice.sent).toEqual([{ kind: "remove", layer: "spans", id: "s" }]);
  });

  it("still knows what was deleted, for that must be asked back", () => {
    const start = opened([span]);
    const { state } = marks.committed(start, marks.remove(start, "spans", "s"));
    expect(marks.undone(unpacked(opened(), packed(state))).sent[0].restore).toBe(true);
  });

  it("is forgotten when anything was changed elsewhere, or done since", () => {
    const { state } = marks.committed(opened(), marks.addSpan(span));
    const elsewhere = opened([asServed({ ...span, note: "changed" })]);
    expect(unpacked(elsewhere, packed(state))).toBe(elsewhere);
    expect(unpacked(state, packed(state))).toBe(state);
    const fresh = opened();
    expect(unpacked(fresh, null)).toBe(fresh);
    expect(unpacked(opened([], { document_labels: { genre: "news" } }), packed(opened())).undo).toEqual([]);
  });
});
