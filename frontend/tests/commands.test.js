import { describe, expect, it } from "vitest";
import { commandFor, commandsOf, keyOf } from "../label/commands.js";
import { pressed } from "../label/preferences.js";
import { capOf, keysOf, labelsOf, lettersOf, RESERVED, slugOf } from "../label/labels.js";

const label = (kind, slug, key = "", over = {}) => ({ kind, group: "", slug, name: slug[0].toUpperCase() + slug.slice(1), definition: "", color: "#137875", key, ...over });
const scheme = (labels) => labelsOf({ labels, targets: [], holders: [], guideline: null });
const press = (key, over = {}) => keyOf({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over });
const everywhere = { inField: false, inText: true, onControl: false, editable: true, letters: true };
const commands = commandsOf(scheme([label("stance", "pro", "1"), label("stance", "anti", "2"), label("role", "claim", "c"), label("relation", "supports", "s")]));
const named = (key, where = {}) => commandFor(commands, key, { ...everywhere, ...where })?.name;

describe("the table of commands", () => {
  it("has no key twice, so that what a key does never depends on the order", () => {
    const keys = commands.flatMap((command) => command.keys);
    expect(keys.filter((key, k) => keys.indexOf(key) !== k)).toEqual([]);
  });

  it("uses every reserved key that it reserves a letter for, and no unreserved letter", () => {
    const letters = commandsOf(scheme([])).flatMap((command) => command.keys).filter((key) => [...key].length === 1 && /[a-z]/.test(key));
    expect(letters.filter((key) => !RESERVED.has(key))).toEqual([]);
  });

  it("finds labels, then commands", () => {
    expect([named("1"), named("c"), named("s"), named("z"), named("?")]).toEqual(["stance:pro", "role:claim", "relation:supports", "undo", "keys"]);
  });

  it("leaves typing alone in a field, but for what must work anywhere", () => {
    expect([named("1", { inField: true }), named("z", { inField: true }), named("ctrl+enter", { inField: true })]).toEqual([undefined, undefined, "submit"]);
  });

  it("leaves Enter and Space to a button that has the focus", () => {
    expect([named("enter", { onControl: true }), named(" ", { onControl: true }), named("1", { onControl: true, inText: false })]).toEqual([undefined, undefined, "stance:pro"]);
  });

  it("changes nothing where nothing may be changed", () => {
    expect([named("1", { editable: false }), named("x", { editable: false }), named("j", { editable: false })]).toEqual([undefined, undefined, "next"]);
  });

  it("takes them with Alt where single letters, capitals and signs are switched off, so that every command stays within reach", () => {
    const off = (key) => named(key, { letters: false });
    expect(["c", "shift+m", "?", "[", "1"].map(off)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(["alt+c", "alt+shift+m", "alt+?", "alt+[", "alt+1"].map(off)).toEqual(["role:claim", "map", "keys", "sentence-previous", "stance:pro"]);
    expect([off("alt+shift+arrowright"), off("shift+arrowright")]).toEqual(["nudge-right", "extend-right"]);
    expect([named("alt+c"), named("alt+1")]).toEqual([undefined, undefined]);
    for (const { name, keys: [key] } of commands) expect(off(pressed(key, false)), name).toBe(name);
  });

  it("can do without single letters, for dictation and screen readers", () => {
    expect([named("1", { letters: false }), named("j", { letters: false }), named("ctrl+z", { letters: false }), named("arrowright", { letters: false })])
      .toEqual([undefined, undefined, "undo", "word-right"]);
  });
});

describe("key presses", () => {
  it.each([
    ["z", { ctrlKey: true }, "ctrl+z"], ["z", { metaKey: true }, "ctrl+z"], ["Z", { ctrlKey: true, shiftKey: true }, "ctrl+shift+z"],
    ["?", { shiftKey: true }, "?"], ["[", { ctrlKey: true, altKey: true, code: "Digit8" }, "["], ["]", { altKey: true, code: "Digit6" }, "]"], ["}", { shiftKey: true }, "}"], ["ArrowLeft", { altKey: true, shiftKey: true }, "alt+shift+arrowleft"],
    [" ", { shiftKey: true }, "shift+ "], ["с", { code: "KeyC" }, "c"], ["ؤ", { code: "KeyC" }, "c"], ["1", { code: "Digit1" }, "1"], ["é", { code: "Digit2" }, "2"], ["&", { code: "Digit1" }, "1"], ["1", { code: "Digit1", shiftKey: true }, "1"], ["!", { code: "Digit1", shiftKey: true }, "!"],
  ])("%s with %o is %s", (key, over, expected) => expect(press(key, over)).toBe(expected));

  it("stand on caps as people know them", () => {
    expect(["ctrl+enter", "shift+arrowright", " ", "z"].map(capOf)).toEqual(["Ctrl ↵", "Shift →", "Space", "z"]);
  });
});

describe("labels", () => {
  it("give up a key that a command has, or that another label took", () => {
    const [a, b, c] = [label("stance", "a", "g"), label("stance", "b", "q"), label("role", "c", "Q")];
    expect([...keysOf([a, b, c])].map(([l, key]) => [l.slug, key])).toEqual([["b", "q"], ["a", "1"]]);
  });

  it("have one letter each", () => {
    expect(lettersOf(["Pro", "Plain", "Nuanced", "Pp", "مع"].map((name) => ({ name })))).toEqual(["P", "L", "N", "4", "م"]);
  });

  it("give a holder a slug of its own, in its own script", () => {
    expect(slugOf("  Mayor Ilse  Varnum! ", new Set())).toBe("mayor-ilse-varnum");
    expect(slugOf("Mayor", new Set(["mayor", "mayor-2"]))).toBe("mayor-3");
    expect(slugOf("رئيس البلدية", new Set())).toBe("رئيس-البلدية");
    expect(slugOf("👧", new Set())).toBe("holder");
  });
});
