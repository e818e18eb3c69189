/** The keys: a bar of the labels below the text, and a panel with every command. */

/** @import {Page} from "../page.js" */
/** @import {Command} from "../commands.js" */
import { byId, element } from "../dom.js";
import { capOf, showHues } from "../labels.js";
import { keyOf } from "../commands.js";
import { isFixed, refusal, rekeyed } from "../keymap.js";
import { lettersOn, prefer, preferred, pressed, snaps, toggleSnap } from "../preferences.js";
import { inHand } from "../state.js";
import { counted } from "../wording.js";

/**
 * @param {Page} page
 * @param {string} place where the person's own keys are kept
 */
export function createKeys(page, place) {
  const bar = byId("key-bar");
  const hint = byId("hint");
  /** @type {Map<Command, HTMLElement>} */
  let buttons = new Map();
  // Pressing a button must not take the selection away that it is about.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  page.dialogs.keys = /** @type {HTMLDialogElement} */ (byId("keys"));

  /** Puts the keys as they are now everywhere: below the text, in the panel, on the caps beside what they do. */
  function build() {
    buttons = new Map(page.commands.filter((c) => c.label || c.name === "submit").map((command) => [command, buttonOf(command, page)]));
    const groups = ["Stance", "Role", "Relation"].map((group) => [group, [...buttons].filter(([command]) => command.group === group).map(([, button]) => button)]);
    bar.replaceChildren(...groups.filter(([, own]) => own.length).map(([group, own]) => element("div", { className: "keys", role: "group", "aria-label": group }, ...own)));
    bar.append(element("div", { className: "keys", role: "group", "aria-label": "Text" }, ...page.commands.filter(({ name }) => BESIDE[name]).map((command) => plainButton(command, BESIDE[command.name], page, command.name))));
    for (const [{ name }, button] of buttons) if (name === "submit") {
      button.classList.add("primary");
      bar.append(button);
    }
    for (const cap of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("kbd:not(#keys-body *, #key-bar *)"))) {
      const usual = cap.dataset.usual ??= cap.textContent ?? "";
      const command = page.commands.find(({ usual: keys }) => keys?.some((key) => capOf(key) === usual));
      const key = command && (command.keys.includes(command.usual?.[0] ?? "") ? command.usual?.[0] : command.keys[0]);
      cap.textContent = command ? capOf(pressed(key ?? "")) : usual;
      cap.closest("[aria-keyshortcuts]")?.setAttribute("aria-keyshortcuts", shortcut(key ?? usual));
    }
    fillPanel(page, own, () => { build(); show(); });
  }

  /**
   * Gives a command a key of the person's own; null: all have their usual ones.
   * @param {string|null} name
   * @param {string} [key]
   */
  function own(name, key = "") {
    const mine = name ? { ...mineAt(place), [name]: key } : {};
    prefer(place, name ? JSON.stringify(mine) : null);
    page.commands.splice(0, Infinity, ...rekeyed(page.commands, mine));
    build();
    show();
  }

  function show() {
    const { editable } = page;
    const { drawing, hand, selected } = page.state;
    bar.hidden = !editable;
    document.body.classList.toggle("read-only", !editable);
    const span = page.spanInHand();
    for (const [{ label }, button] of buttons) {
      if (!label) continue;
      const on = label.kind === "relation" ? drawing?.label === label.slug : !selected && (span?.stance === label.slug || span?.role === label.slug);
      if (label.kind === "relation") /** @type {HTMLButtonElement} */ (button).disabled = !hand;
      button.setAttribute("aria-pressed", String(Boolean(on)));
    }
    hint.textContent = hintOf(page);
    hint.hidden = !hint.textContent;
  }

  return { show, build };
}

/**
 * The person's own keys by command, as they were kept; anything may stand there.
 * @param {string} place
 */
export function mineAt(place) {
  try {
    return JSON.parse(preferred(place) ?? "{}");
  } catch {
    return {};
  }
}

/** What needs a button, too, for those who have no keys at hand. */
const BESIDE = /** @type {Object<string, string>} */ ({ find: "Find", undo: "Undo" });

/**
 * @param {Command} command
 * @param {string} title
 * @param {Page} page
 * @param {string} [name] a class
 */
export const plainButton = ({ keys, usual = keys, run }, title, page, name = "") => element("button", { type: "button", className: `plain ${name}`, "aria-keyshortcuts": keys[0] ? shortcut(keys[0]) : null, on: { click: () => run(page) } },
  keys[0] ? element("kbd", { "aria-hidden": "true", dataset: { usual: capOf(usual[0]) } }, capOf(pressed(keys[0]))) : null, title);

/**
 * What the next key is about, where that is not plain to see.
 * @param {Page} page
 */
function hintOf({ state, labels, editable, tip }) {
  const many = inHand(state).length;
  if (state.drawing) return `${labels.relationName(state.drawing.label)}: click the other end, or Tab to it and Enter. Esc leaves.`;
  if (state.many.length) return `${counted(state.many.length, "place", "places")}: a label's key marks all of them. Esc leaves.`;
  if (tip && tip.id === state.hand?.id) return tip.text;
  return many > 1 && editable ? `${many} spans in hand: a label's key, a holder or delete is for all of them. Esc lets go.` : "";
}

/**
 * @param {Command} command
 * @param {Page} page
 */
function buttonOf(command, page) {
  const { label, keys, title } = command;
  const name = label?.kind === "stance" ? page.labels.stanceChip(label.slug) : null;
  name?.querySelector(".visually-hidden")?.remove();
  const button = element("button", {
    type: "button", className: "command", title: label?.definition ?? title, "aria-keyshortcuts": keys[0] ? shortcut(keys[0]) : null,
    on: { click: () => command.run(page) },
  }, keys[0] ? element("kbd", { "aria-hidden": "true" }, capOf(pressed(keys[0]))) : null, name,
  label?.kind === "role" ? page.labels.roleChip(label.slug) : element("span", {}, command.name === "submit" ? "Submit" : title));
  return button;
}

const shortcut = (/** @type {string} */ key) => pressed(key).split("+").map((part) => ({ ctrl: "Control", " ": "Space" }[part] ?? (part.length > 1 ? part[0].toUpperCase() + part.slice(1) : part))).join("+");

/**
 * Every command with its keys; those that may be changed take the next key that is pressed on their button.
 * @param {Page} page
 * @param {(name: string|null, key?: string) => void} own
 * @param {() => void} again
 */
function fillPanel(page, own, again) {
  const body = byId("keys-body");
  const groups = new Set(page.commands.map(({ group }) => group));
  body.replaceChildren(...[...groups].flatMap((group) => [
    element("h3", {}, group), element("dl", { className: "key-list" }, ...page.commands.filter((command) => command.group === group).flatMap((command) => [
      element("dt", {}, ...command.keys.flatMap((key, k) => [k ? " " : null, element("kbd", {}, capOf(pressed(key)))])),
      element("dd", {}, element("span", {}, command.title), isFixed(command) ? null : changer(command, page, own)),
    ])),
  ]));
  const box = element("input", { type: "checkbox", checked: lettersOn(), id: "single-keys", on: { change: () => {
    prefer("single-keys", box.checked ? null : "off");
    again();
    document.getElementById("single-keys")?.focus();   // it is another now
  } } });
  const words = element("input", { type: "checkbox", checked: snaps(), on: { change: () => toggleSnap(page) } });
  const look = element("select", { id: "palette", on: { change: () => { prefer("palette", look.value || null); showHues(page.labels.stances); } } },
    ...[["", "As the project has them"], ["safe", "Safe for every colour vision"], ["contrast", "Black and white, by pattern and letter"]].map(([value, name]) => element("option", { value }, name)));
  look.value = preferred("palette") ?? "";
  body.append(element("h3", {}, "Colours"), element("div", { className: "field" }, element("label", { for: look.id }, "Stances"), look), 
    element("h3", {}, "Selecting"), element("label", { className: "check" }, words, " The mouse selects whole words"),
    element("h3", {}, "Single keys"), element("label", { className: "check" }, box, " Single keys are commands. Switched off, for dictation or a screen reader's own keys, they work with Alt."),
    element("button", { type: "button", className: "plain", on: { click: () => { own(null); page.announce("All keys are the usual ones."); } } }, "All keys as usual"));
}

/**
 * @param {Command} command
 * @param {Page} page
 * @param {(name: string, key: string) => void} own
 */
function changer(command, page, own) {
  const rest = () => { button.textContent = "Change"; };
  const button = element("button", { type: "button", className: "link", "aria-label": `Change the key of: ${command.title}`, dataset: { name: command.name }, on: {
    blur: rest,
    click: () => {
      button.textContent = "Press a key";
      page.announce("Press the new key, or Escape.");
    },
    keydown: (/** @type {KeyboardEvent} */ event) => {
      if (button.textContent === "Change" || ["Tab", "Shift", "Control", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      const key = keyOf(event);
      if (key === "escape") return rest();
      const why = refusal(page.commands, command, key);
      if (why) {
        button.textContent = why;
        return page.announce(why);
      }
      own(command.name, key);
      /** @type {HTMLElement|null} */ (byId("keys-body").querySelector(`[data-name="${CSS.escape(command.name)}"]`))?.focus();
      page.announce(`${command.title}: ${capOf(key)}`);
    },
  } }, "Change");
  return button;
}
