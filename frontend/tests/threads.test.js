import { describe, expect, it } from "vitest";
import { countsOf, isFlag, threadsOf } from "../label/threads.js";
import * as marks from "../label/state.js";

const comment = (id, over = {}) => ({ id, author: "A1", text: id, span: null, reply_to: null, created_at: `2026-01-0${over.day ?? 1}T00:00:00Z`, ...over });
const shape = (comments) => threadsOf(comments).map(({ first, replies }) => [first.id, ...replies.map((reply) => reply.id)]);

describe("comments", () => {
  it("stand as conversations in the order in which they were begun, answers to answers with the first", () => {
    expect(shape([comment("b", { day: 2 }), comment("a"), comment("c", { day: 3, reply_to: "a" }), comment("d", { day: 4, reply_to: "c" })])).toEqual([["a", "c", "d"], ["b"]]);
  });

  it("are not hidden when what they answer is gone, or when two answer each other", () => {
    expect(shape([comment("c", { reply_to: "gone" })])).toEqual([["c"]]);
    expect(shape([comment("a", { reply_to: "b" }), comment("b", { reply_to: "a" })]).flat().sort()).toEqual(["a", "b"]);
  });

  it("come last while the server has not said when they were written", () => {
    expect(shape([comment("new", { created_at: undefined }), comment("old", { day: 9 })])).toEqual([["old"], ["new"]]);
  });

  it("are counted by span, flags apart", () => {
    expect(isFlag(comment("⚑ unclear"))).toBe(true);
    expect([...countsOf([comment("x", { span: "s" }), comment("⚑", { span: "s" }), comment("y")])]).toEqual([["s", { comments: 1, flags: 1 }]]);
  });

  it("can be taken back and made again like any other change", () => {
    const state = marks.opened({ spans: [], relations: [], document_labels: {}, comments: [comment("a")], scheme: { holders: [] }, editable: false });
    const gone = marks.committed(state, marks.remove(state, "comments", "a"));
    expect(gone.state.comments.size).toBe(0);
    const back = marks.undone(gone.state);
    expect(back.state.comments.get("a").text).toBe("a");
    expect(back.sent).toEqual([{ kind: "put", layer: "comments", object: comment("a"), restore: true }]);
  });
});
