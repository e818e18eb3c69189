import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as marks from "../label/state.js";

const set = (over = {}) => ({
  id: 1, version: 1, editable: true, spans: [], relations: [], document_labels: {}, scheme: { labels: [], targets: [], holders: [], guideline: null }, ...over,
});
const span = (id, start = 0, end = 5, over = {}) => marks.addSpan({ id, fragments: [[start, end]], ...over })[0].object;
const relation = (id, from, to, label = "supports") => ({ id, label, from: { span: from }, to, note: "", confidence: null });
const snapshot = ({ spans, relations, documentLabels }) => JSON.stringify([
  [...spans.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), [...relations.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  Object.entries(documentLabels).filter(([, slug]) => slug).sort(),
]);

/** A server that knows only what it is sent: puts, deletes that take relations along, and tombstones. */
function server(start) {
  let stored = marks.opened(start);
  const dead = new Set();
  return {
    take(sent) {
      for (const operation of sent) {
        if (operation.kind === "put") {
          expect(dead.has(operation.object.id), "a put on a tombstone must ask to restore").toBe(Boolean(operation.restore));
          dead.delete(operation.object.id);
          stored = marks.adopted(stored, operation.layer, operation.object.id, operation.object);
        } else if (operation.kind === "document-label") stored = { ...stored, documentLabels: { ...stored.documentLabels, [operation.group]: operation.slug } };
        else if (!operation.along) {
          for (const id of [operation.id, ...marks.hangingOn(stored, operation.id).map((r) => r.id)]) {
            dead.add(id);
            stored = marks.adopted(marks.adopted(stored, "relations", id, null), "spans", id, null);
          }
        }
      }
    },
    get snapshot() { return snapshot(stored); },
  };
}

/** Any sequence of things an annotator may do, as numbers that choose among what is there. */
const deeds = fc.array(fc.tuple(fc.constantFrom("add", "alter", "remove", "relate", "document", "undo", "redo"), fc.nat(1000), fc.nat(1000)), { maxLength: 40 });

function done(state, [deed, a, b], number) {
  const spans = [...state.spans.keys()];
  const relations = [...state.relations.keys()];
  const pick = (things, n) => things[n % things.length];
  switch (deed) {
    case "add": return marks.committed(state, marks.addSpan({ id: `s${number}`, fragments: [[a % 50, a % 50 + 1 + b % 20]] }));
    case "alter": return spans.length ? marks.committed(state, marks.alter(state, "spans", pick(spans, a), { stance: pick(["x", "y", null], b) })) : null;
    case "remove": {
      const [layer, ids] = relations.length && b % 2 ? ["relations", relations] : ["spans", spans];
      return ids.length ? marks.committed(state, marks.remove(state, layer, pick(ids, a))) : null;
    }
    case "relate": {
      const to = relations.length && b % 3 === 0 ? { layer: "relations", id: pick(relations, b) } : { layer: "spans", id: pick(spans, b) };
      return spans.length ? marks.committed(state, marks.addRelation({ id: `r${number}`, label: "supports", from: pick(spans, a), to })) : null;
    }
    case "document": return marks.committed(state, marks.labelDocument(state, "genre", pick(["news", "opinion", null], a)));
    case "undo": return marks.undone(state);
    default: return marks.redone(state);
  }
}

describe("changes", () => {
  it("are taken back one by one to where it began, and made again to where it ended", () => {
    fc.assert(fc.property(deeds, (all) => {
      const start = marks.opened(set({ spans: [span("first")] }));
      let state = start;
      all.forEach((deed, k) => { state = done(state, deed, k)?.state ?? state; });
      const end = snapshot(state);
      let steps = 0;
      for (let moved; (moved = marks.undone(state)); steps++) state = moved.state;
      expect(snapshot(state)).toBe(snapshot(start));
      for (; steps; steps--) state = marks.redone(state).state;
      // What was undone before is no longer there to do again once something else was done; what is left must match.
      expect(snapshot(state)).toBe(end);
    }));
  });

  it("leave the server with what the page shows, through any undo and redo", () => {
    fc.assert(fc.property(deeds, (all) => {
      const beginning = set({ spans: [span("first"), span("second", 10, 20)] });
      let state = marks.opened(beginning);
      const there = server(beginning);
      all.forEach((deed, k) => {
        const next = done(state, deed, k);
        if (!next) return;
        state = next.state;
        there.take(next.sent);
        expect(there.snapshot).toBe(snapshot(state));
      });
    }));
  });

  it("do not alter the state they were made from", () => {
    const before = marks.opened(set({ spans: [span("a")] }));
    const shown = snapshot(before);
    marks.committed(before, marks.remove(before, "spans", "a"));
    expect(snapshot(before)).toBe(shown);
  });

  it("that change nothing are none: nothing to send, nothing to undo", () => {
    const state = marks.opened(set({ spans: [span("a", 0, 5, { stance: "x" })] }));
    const { state: next, sent } = marks.committed(state, marks.alter(state, "spans", "a", { stance: "x" }));
    expect([sent, next.undo]).toEqual([[], []]);
  });

  it("take a span's relations along, those to its relations too, with one request", () => {
    let state = marks.opened(set({
      spans: [span("a"), span("b", 6, 9), span("c", 10, 12)],
      relations: [relation("r1", "a", { span: "b" }), relation("r2", "c", { relation: "r1" }), relation("r3", "c", { span: "b" })],
    }));
    const { state: next, sent } = marks.committed(state, marks.remove(state, "spans", "a"));
    expect([...next.relations.keys()]).toEqual(["r3"]);
    expect(sent.filter((operation) => !operation.along)).toEqual([{ kind: "remove", layer: "spans", id: "a" }]);
    const back = marks.undone(next);
    expect([...back.state.relations.keys()].sort()).toEqual(["r1", "r2", "r3"]);
    expect(back.sent.map((operation) => [operation.object.id, operation.restore])).toEqual([["a", true], ["r1", true], ["r2", true]]);
  });

  it("let go of what is in hand when it goes", () => {
    const state = { ...marks.opened(set({ spans: [span("a")] })), hand: { layer: "spans", id: "a" }, drawing: { label: "supports", from: "a", target: null } };
    const { state: next } = marks.committed(state, marks.remove(state, "spans", "a"));
    expect([next.hand, next.drawing]).toEqual([null, null]);
  });
});

describe("reading the state", () => {
  it("offers a new relation every other end, from the source on, and none that stands already", () => {
    const state = {
      ...marks.opened(set({ spans: [span("a", 0, 3), span("b", 4, 6), span("c", 7, 9), span("d", 10, 12)], relations: [relation("r", "b", { span: "c" }), relation("q", "d", { span: "a" })] })),
      drawing: { label: "supports", from: "b", target: null },
    };
    expect(marks.targetsOf(state).map((t) => t.id)).toEqual(["d", "a", "q"]);
  });

  it("finds the shortest span first where several overlap", () => {
    const state = marks.opened(set({ spans: [span("long", 0, 30), span("short", 5, 9), span("away", 40, 41)] }));
    expect(marks.spansAt(state, 6, 6).map((s) => s.id)).toEqual(["short", "long"]);
    expect(marks.spansAt(state, 9, 9).map((s) => s.id)).toEqual(["long"]);
  });

  it("goes round the end of a list", () => {
    expect(marks.nextOf([1, 2, 3], (n) => n === 3, 1)).toBe(1);
    expect(marks.nextOf([1, 2, 3], (n) => n === 9, -1)).toBe(3);
    expect(marks.nextOf([], () => true, 1)).toBe(undefined);
  });

  it("names partners over relations to relations", () => {
    const state = marks.opened(set({ spans: [span("a"), span("b", 6, 8), span("c", 9, 10)], relations: [relation("r1", "a", { span: "b" }), relation("r2", "c", { relation: "r1" })] }));
    expect([...marks.partnersOf(state, "c")].sort()).toEqual(["a", "b"]);
  });
});

describe("what another device changed", () => {
  it("is not taken back here: changes about it are forgotten, the others are not", () => {
    const empty = marks.opened({ spans: [], relations: [], comments: [], document_labels: {}, scheme: { holders: [] }, editable: true });
    let { state } = marks.committed(empty, marks.addSpan({ id: "a", fragments: [[0, 2]] }));
    ({ state } = marks.committed(state, marks.addSpan({ id: "b", fragments: [[3, 5]] })));
    ({ state } = marks.committed(state, marks.labelDocument(state, "genre", "letter")));
    const after = marks.forgotten(state, new Set(["a"]));
    expect(after.undo).toHaveLength(2);
    expect(marks.undone(marks.undone(after).state).state.spans.has("b")).toBe(false);
    expect(marks.undone(marks.undone(after).state).state.spans.has("a")).toBe(true);
    expect(marks.forgotten(state, new Set([""])).undo).toHaveLength(2);
  });
});
