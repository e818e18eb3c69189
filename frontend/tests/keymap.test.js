import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandsOf } from "../label/commands.js";
import { isFixed, refusal, rekeyed } from "../label/keymap.js";
import { labelsOf } from "../label/labels.js";

const label = (kind, slug, key) => ({ kind, group: "", slug, name: slug, definition: "", color: "", key });
const commands = commandsOf(labelsOf({ labels: [label("stance", "pro", "1"), label("stance", "anti", "2"), label("role", "claim", "c")], targets: [], holders: [], guideline: null }));
const keysOf = (all, name) => all.find((command) => command.name === name).keys;

describe("a person's keys", () => {
  it("take the place of the usual ones", () => expect(keysOf(rekeyed(commands, { next: "w" }), "next")).toEqual(["w"]));
  it("may be exchanged for one another", () => {
    const own = rekeyed(commands, { "stance:pro": "2", "stance:anti": "1" });
    expect([keysOf(own, "stance:pro"), keysOf(own, "stance:anti")]).toEqual([["2"], ["1"]]);
  });
  it("go back to the usual when they are taken, reserved or no keys at all", () => {
    for (const wrong of ["c", "escape", "ctrl+r", "shift+ ", "f5", "", 7, null, ["w"]]) expect(keysOf(rekeyed(commands, { next: wrong }), "next")).toEqual(["j"]);
    for (const nothing of [null, undefined, 3, "x", []]) expect(rekeyed(commands, nothing).map(({ keys }) => keys)).toEqual(commands.map(({ keys }) => keys));
  });
  it("leave alone what everybody must be able to rely on", () => {
    expect(["escape", "submit", "word-right", "take", "delete"].map((name) => isFixed(commands.find((command) => command.name === name)))).toEqual([true, true, true, true, true]);
    expect(keysOf(rekeyed(commands, { escape: "w" }), "escape")).toEqual(["escape"]);
  });
  it("are told why they cannot be", () => {
    const next = commands.find(({ name }) => name === "next");
    expect(refusal(commands, next, "k")).toMatch(/Previous span/);
    expect(refusal(commands, next, "ctrl+w")).toMatch(/browser/);
    expect(refusal(commands, next, "w")).toBe("");
  });
  it("never give one key to two commands, whatever was saved", () => {
    const saved = fc.dictionary(fc.constantFrom(...commands.map(({ name }) => name)), fc.oneof(fc.constantFrom("a", "1", "j", "k", "escape", "shift+m", "w"), fc.string(), fc.integer()));
    fc.assert(fc.property(saved, (map) => {
      const keys = rekeyed(commands, map).flatMap((command) => command.keys);
      expect(new Set(keys).size).toBe(keys.length);
    }));
  });
});
