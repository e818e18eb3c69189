/** The keys: a bar of the labels below the text, and a panel with every command. */

/** @import {Page} from "../page.js" */
/** @import {Command} from "../commands.js" */
import { byId, element } from "../dom.js";
import { capOf } from "../labels.js";
import { lettersOn, prefer } from "../preferences.js";
import { inHand } from "../state.js";
import { counted } from "../wording.js";

/** @param {Page} page */
export function createKeys(page) {
  const bar = byId("key-bar");
  const hint = byId("hint");
  const buttons = new Map(page.commands.filter((c) => c.label || c.name === "submit").map((command) => [command, buttonOf(command, page)]));
  // Pressing a button must not take the selection away that it is about.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  for (const group of ["Stance", "Role", "Relation"]) {
    const own = [...buttons].filter(([command]) => command.group === group).map(([, button]) => button);
    if (own.length) bar.append(element("div", { className: "keys", role: "group", "aria-label": group }, ...own));
  }
  const submit = [...buttons].find(([command]) => command.name === "submit")?.[1];
  if (submit) {
    submit.classList.add("primary");
    bar.append(submit);
  }
  fillPanel(page);

  return {
    show() {
      const { drawing, editable, hand, selected } = page.state;
      bar.hidden = !editable;
      document.body.classList.toggle("read-only", !editable);
      const span = page.spanInHand();
      for (const [command, button] of buttons) {
        const { label } = command;
        if (!label) continue;
        const on = label.kind === "relation" ? drawing?.label === label.slug : !selected && (span?.stance === label.slug || span?.role === label.slug);
        if (label.kind === "relation") button.disabled = !hand;
        button.setAttribute("aria-pressed", String(Boolean(on)));
      }
      hint.textContent = hintOf(page);
      hint.hidden = !hint.textContent;
    },
  };
}

/**
 * What the next key is about, where that is not plain to see.
 * @param {Page} page
 */
function hintOf({ state, labels, editable }) {
  const many = inHand(state).length;
  if (state.drawing) return `${labels.relationName(state.drawing.label)}: click the other end, or Tab to it and Enter. Esc leaves.`;
  if (state.many.length) return `${counted(state.many.length, "place", "places")}: a label's key marks all of them. Esc leaves.`;
  return many > 1 && editable ? `${many} spans in hand: a label's key, a holder or x is for all of them. Esc lets go.` : "";
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
  }, keys[0] ? element("kbd", { "aria-hidden": "true" }, command.name === "submit" ? "Ctrl ↵" : capOf(keys[0])) : null, name,
  label?.kind === "role" ? page.labels.roleChip(label.slug) : element("span", {}, command.name === "submit" ? "Submit" : title));
  return button;
}

const shortcut = (/** @type {string} */ key) => key.split("+").map((part) => ({ ctrl: "Control", " ": "Space" }[part] ?? (part.length > 1 ? part[0].toUpperCase() + part.slice(1) : part))).join("+");

/** @param {Page} page */
function fillPanel(page) {
  page.dialogs.keys = /** @type {HTMLDialogElement} */ (byId("keys"));
  const body = byId("keys-body");
  for (const group of new Set(page.commands.map((command) => command.group))) {
    body.append(element("h3", {}, group), element("dl", { className: "key-list" }, ...page.commands.filter((c) => c.group === group && c.keys.length).flatMap((command) => [
      element("dt", {}, ...command.keys.flatMap((key, k) => [k ? " " : null, element("kbd", {}, capOf(key))])),
      element("dd", {}, command.title),
    ])));
  }
  const box = element("input", { type: "checkbox", checked: lettersOn(), on: { change: () => prefer("single-keys", box.checked ? null : "off") } });
  body.append(element("label", { className: "check" }, box, " Single keys are commands (switch off for dictation or a screen reader's own keys)"));
}
