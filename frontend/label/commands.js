/** Everything the page can do, as one table: a command, then its keys, then (in the panes) its button. */

/** @import {Label} from "./types.js" */
/** @import {Page} from "./page.js" */
import { extended, narrowed, nudged, stepped, widened } from "./cursor.js";
import { byId } from "./dom.js";
import { keysOf } from "./labels.js";
import { addFragment, give, removeHand, resize, takeSuggested, toggleExplicit } from "./verbs/marking.js";
import { isTyped, toggleSnap } from "./preferences.js";
import { draw } from "./verbs/relating.js";
import { chooseNext, enter, letGo, move, moveLine, rightward, step } from "./verbs/moving.js";
import { comment, flag } from "./verbs/commenting.js";
import { takeAlike } from "./verbs/finding.js";
import { submit } from "./verbs/leaving.js";

/**
 * @typedef {Object} Command
 * @property {string} name
 * @property {string} title
 * @property {string} group its heading among the keys
 * @property {string[]} keys
 * @property {string[]} [usual] the keys where a person has chosen others
 * @property {(page: Page) => void} run
 * @property {boolean} [writes] makes no sense where nothing may be changed
 * @property {boolean} [anywhere] works in a field too
 * @property {boolean} [inText] only when the text (or nothing) has the focus
 * @property {Label} [label]
 */

/**
 * The commands of a scheme, labels first.
 * @param {import("./labels.js").Labels} labels
 * @returns {Command[]}
 */
export function commandsOf({ stances, roles, relations }) {
  const keys = keysOf([...stances, ...roles, ...relations]);
  const keyed = (/** @type {Label} */ label) => { const key = keys.get(label); return key ? [key] : []; };
  return [
    ...stances.map((label) => command("stance", label.slug, label.name, keyed(label), (page) => give(page, { stance: label.slug }), label)),
    ...roles.map((label) => command("role", label.slug, label.name, keyed(label), (page) => give(page, { role: label.slug }), label)),
    ...relations.map((label) => command("relation", label.slug, label.name, keyed(label), (page) => draw(page, label.slug), label)),
    ...FIXED,
  ];
}

/**
 * @param {"stance"|"role"|"relation"} kind
 * @param {string} slug
 * @param {string} title
 * @param {string[]} keys
 * @param {(page: Page) => void} run
 * @param {Label} label
 * @returns {Command}
 */
const command = (kind, slug, title, keys, run, label) =>
  ({ name: `${kind}:${slug}`, title, group: { stance: "Stance", role: "Role", relation: "Relation" }[kind], keys, run, label, writes: true });

const negative = (/** @type {1|-1} */ step) => (step === 1 ? -1 : 1);

/** @type {Command[]} */
const FIXED = [
  ...moves("Select", [
    ["word-right", "Next word", "arrowright", (page) => move(page, (at) => stepped(page.words, "word", at, rightward(page)))],
    ["word-left", "Previous word", "arrowleft", (page) => move(page, (at) => stepped(page.words, "word", at, negative(rightward(page))))],
    ["line-down", "The word below", "arrowdown", (page) => moveLine(page, "forward", false)],
    ["line-up", "The word above", "arrowup", (page) => moveLine(page, "backward", false)],
    ["extend-right", "Extend by a word", "shift+arrowright", (page) => move(page, (at) => extended(page.words, "word", at, rightward(page)))],
    ["extend-left", "Extend or shrink by a word", "shift+arrowleft", (page) => move(page, (at) => extended(page.words, "word", at, negative(rightward(page))))],
    ["extend-down", "Extend to the line below", "shift+arrowdown", (page) => moveLine(page, "forward", true)],
    ["extend-up", "Extend to the line above", "shift+arrowup", (page) => moveLine(page, "backward", true)],
    ["nudge-right", "End one character on", "alt+shift+arrowright", (page) => move(page, (at) => at && nudged(page.words, at, rightward(page)))],
    ["nudge-left", "End one character back", "alt+shift+arrowleft", (page) => move(page, (at) => at && nudged(page.words, at, negative(rightward(page))))],
    ["nudge-start-right", "Beginning one character on", "ctrl+shift+arrowright", (page) => move(page, (at) => at && nudged(page.words, at, rightward(page), "anchor"))],
    ["nudge-start-left", "Beginning one character back", "ctrl+shift+arrowleft", (page) => move(page, (at) => at && nudged(page.words, at, negative(rightward(page)), "anchor"))],
    ["sentence-next", "Next sentence", "]  ctrl+arrowdown", (page) => move(page, (at) => stepped(page.words, "sentence", at, 1))],
    ["sentence-previous", "Previous sentence", "[  ctrl+arrowup", (page) => move(page, (at) => stepped(page.words, "sentence", at, -1))],
    ["sentence-extend", "Extend by a sentence", "}", (page) => move(page, (at) => extended(page.words, "sentence", at, 1))],
    ["sentence-shrink", "Extend or shrink back by a sentence", "{", (page) => move(page, (at) => extended(page.words, "sentence", at, -1))],
    ["widen", "Word, sentence, paragraph", " ", (page) => move(page, (at) => widened(page.words, at))],
    ["narrow", "Back to sentence, word", "shift+ ", (page) => move(page, (at) => narrowed(page.words, at))],
  ]),
  { name: "find", title: "Find in the text", group: "Select", keys: ["/"], run: (page) => page.editors.find?.() },
  { name: "alike", title: "All places of the selected words, for one label", group: "Select", keys: ["*"], writes: true, run: takeAlike },
  { name: "snap", title: "Whole words only when selecting with the mouse: on or off", group: "Select", keys: ["shift+w"], writes: true, run: toggleSnap },
  { name: "take", title: "Take the span here in hand; again for the one below it", group: "Span", keys: ["enter"], inText: true, run: enter },
  { name: "next", title: "Next span", group: "Span", keys: ["j"], run: (page) => step(page, 1) },
  { name: "previous", title: "Previous span", group: "Span", keys: ["k"], run: (page) => step(page, -1) },
  { name: "next-too", title: "Next span, too", group: "Span", keys: ["shift+j"], run: (page) => chooseNext(page, 1) },
  { name: "previous-too", title: "Previous span, too", group: "Span", keys: ["shift+k"], run: (page) => chooseNext(page, -1) },
  { name: "holder", title: "Holder: choose or create", group: "Span", keys: ["h"], writes: true, run: (page) => page.edit("holder") },
  { name: "suggested", title: "The holder that is suggested", group: "Span", keys: ["shift+h"], writes: true, run: takeSuggested },
  { name: "role", title: "Role", group: "Span", keys: ["r"], writes: true, run: (page) => page.edit("role") },
  { name: "target", title: "Target", group: "Span", keys: ["t"], writes: true, run: (page) => page.edit("target") },
  { name: "explicit", title: "Said, implied, not judged", group: "Span", keys: ["e"], writes: true, run: toggleExplicit },
  { name: "note", title: "Note", group: "Span", keys: ["n"], writes: true, run: (page) => page.edit("note") },
  { name: "move", title: "Move the span in hand to the selection", group: "Span", keys: ["m"], writes: true, run: resize },
  { name: "fragment", title: "Add the selection to the span in hand", group: "Span", keys: ["f"], writes: true, run: addFragment },
  { name: "delete", title: "Delete what is in hand", group: "Span", keys: ["x", "delete", "backspace"], writes: true, run: removeHand },
  { name: "map", title: "Map of the argument, or back to the text", group: "Document", keys: ["shift+m"], run: (page) => page.edit("map") },
  { name: "comment", title: "Comment on the span in hand, or the document", group: "Comments", keys: [","], run: comment },
  { name: "flag", title: "Flag it, or take the flag away", group: "Comments", keys: ["!"], run: flag },
  { name: "document-labels", title: "Labels of the whole document", group: "Document", keys: ["l"], run: (page) => page.edit("document") },
  { name: "undo", title: "Undo", group: "Document", keys: ["z", "ctrl+z", "u"], run: (page) => page.undo() },
  { name: "redo", title: "Redo", group: "Document", keys: ["shift+z", "ctrl+shift+z", "ctrl+y"], run: (page) => page.redo() },
  { name: "submit", title: "Submit and go to the next document", group: "Document", keys: ["ctrl+enter"], writes: true, anywhere: true, run: submit },
  { name: "go", title: "Go to a project, a page, a document", group: "Help", keys: ["ctrl+k"], run: () => byId("go").click() },
  { name: "guideline", title: "Guideline", group: "Help", keys: ["g"], run: (page) => page.toggle("guideline") },
  { name: "labels", title: "What the labels mean", group: "Help", keys: ["shift+g"], run: (page) => page.editors.labels?.() },
  { name: "keys", title: "Keys", group: "Help", keys: ["?"], run: (page) => page.toggle("keys") },
  { name: "escape", title: "Let go: selection, then span, then panel", group: "Help", keys: ["escape"], anywhere: true, run: letGo },
];

/**
 * Commands of the cursor: name, title, keys (two spaces between them: brackets need three fingers on many keyboards), motion.
 * @param {string} group
 * @param {[string, string, string, (page: Page) => void][]} rows
 * @returns {Command[]}
 */
function moves(group, rows) {
  return rows.map(([name, title, key, run]) => ({ name, title, group, keys: key.split("  "), run, inText: true }));
}

/**
 * How a key press is written in the table: modifiers in a fixed order, then the key in lower case. A letter of another script
 * counts as the Latin letter on the same key, and a bracket is a bracket with whatever it is written (AltGr, Option), so that
 * the table works on every keyboard.
 * @param {Pick<KeyboardEvent, "key"|"code"|"ctrlKey"|"metaKey"|"altKey"|"shiftKey">} press
 */
export function keyOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  let name = key.toLowerCase();
  if ("[]{}?".includes(name) && (altKey || !ctrlKey && !metaKey)) return name;
  const physical = /^(?:Key|Digit)(.)$/.exec(code ?? "")?.[1].toLowerCase();
  const foreign = [...name].length === 1 && name > "\u007f";
  const digit = code?.startsWith("Digit") && !shiftKey && !/[\p{L}\p{N}]/u.test(name);   // where digits need the shift key
  if (physical && (foreign || digit || altKey && name.length === 1)) name = physical;
  const symbol = [...name].length === 1 && !/[\p{L}\s]/u.test(name);   // its shift is part of writing it
  return `${ctrlKey || metaKey ? "ctrl+" : ""}${altKey ? "alt+" : ""}${shiftKey && !symbol ? "shift+" : ""}${name}`;
}

/**
 * The command a key press means, or undefined.
 * @param {Command[]} commands
 * @param {string} key
 * @param {{inField: boolean, inText: boolean, onControl: boolean, editable: boolean, letters: boolean}} where
 *   onControl: a button or the like has the focus, which Enter, Space and arrows belong to; letters: single keys are switched on,
 *   else they work with Alt
 */
export function commandFor(commands, key, { inField, inText, onControl, editable, letters }) {
  if (onControl && ["enter", " ", "shift+ "].includes(key)) return undefined;
  if (!letters && isTyped(key)) return undefined;
  const meant = !letters && isTyped(key.replace(/^alt\+/, "")) && !commands.some((c) => c.keys.includes(key)) ? key.replace(/^alt\+/, "") : key;
  return commands.find((c) => c.keys.includes(meant) && (!inField || c.anywhere) && (!c.inText || inText) && (!c.writes || editable));
}
