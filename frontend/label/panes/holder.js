/** Whose stance it is: type to search, arrows to choose, Enter to take what was typed, which creates a new holder in place. */

/** @import {Page} from "../page.js" */
/** @import {Holder} from "../types.js" */
import { element, row } from "../dom.js";
import { capOf, holderName } from "../labels.js";
import { alterHand, createHolder, suggested } from "../verbs/marking.js";

/**
 * @typedef {{title: string, run: () => void}} Choice
 */

/**
 * @param {Page} page
 * @param {() => void} back puts the focus where it came from
 */
export function createHolderField(page, back) {
  const list = element("ul", { id: "holder-choices", role: "listbox", "aria-label": "Holders", hidden: true });
  const field = element("input", {
    id: "field-holder", type: "text", role: "combobox", autocomplete: "off", dir: "auto", maxLength: 200, placeholder: "Not judged",
    "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    on: { input: () => offer(), focus: () => { field.select(); offer(""); }, blur: () => close(), keydown: pressed },
  });
  // A press on a choice must not take the focus from the field, or the list would be gone before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  /** @type {Choice[]} */
  let choices = [];
  let at = -1;
  let shown = "";

  /** @param {string} [typed] */
  function offer(typed = field.value) {
    choices = choicesFor(page, typed.trim());
    at = typed.trim() && choices.length ? 0 : -1;
    list.replaceChildren(...choices.map(({ title, run }, k) => element("li", {
      id: `holder-choice-${k}`, role: "option", dir: "auto", "aria-selected": String(k === at), on: { click: () => choose(run) },
    }, title)));
    list.hidden = !choices.length;
    if (!list.hidden) place();
    field.setAttribute("aria-expanded", String(!list.hidden));
    point();
  }

  /** Puts the choices where there is more room, below the field or above it; the panel around it would cut them off. */
  function place() {
    const { top, bottom } = field.getBoundingClientRect();
    const { left, width } = made.getBoundingClientRect();
    const below = innerHeight - bottom > top;
    const inPixels = { left, width, top: below ? bottom + 2 : 0, bottom: below ? 0 : innerHeight - top + 2 };
    for (const [name, value] of Object.entries(inPixels)) list.style.setProperty(name, name === (below ? "bottom" : "top") ? "auto" : `${value}px`);
  }

  function point() {
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === at)));
    if (at >= 0) {
      field.setAttribute("aria-activedescendant", `holder-choice-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  /** @param {() => void} run */
  function choose(run) {
    run();
    close();
    back();
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    field.value = shown;
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    const { key, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey || event.isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      const step = key === "ArrowDown" ? 1 : -1;
      at = (at + step + choices.length) % Math.max(1, choices.length);
      point();
    } else if (key === "Enter") {
      if (choices[at]) choose(choices[at].run);
      else { close(); back(); }
    } else if (key === "Escape") {
      close();
      back();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const made = row(field.id, "Holder", "h", element("div", { className: "combobox" }, field, list));
  return {
    row: made, focus: () => field.focus(),
    /** @param {string} name */
    show(name) {
      shown = name;
      const guess = suggested(page);
      field.placeholder = guess ? `${holderName(page.state.holders, guess)}?` : "Not judged";
      if (document.activeElement !== field) field.value = name;
    },
  };
}

/**
 * What may be chosen for what was typed, first what Enter takes: the holder of that very name, else a new one; then those it fits.
 * @param {Page} page
 * @param {string} typed
 * @returns {Choice[]}
 */
function choicesFor(page, typed) {
  const { holders } = page.state;
  const { exact, near } = fitting(holders, typed);
  const chosen = (/** @type {Holder} */ holder) => ({ title: holderName(holders, holder.slug, true), run: () => alterHand(page, { holder: holder.slug }) });
  const guess = suggested(page);
  const first = guess ? [{ title: `${holderName(holders, guess)} (suggested, ${capOf("shift+h")})`, run: () => alterHand(page, { holder: guess }) }] : [];
  if (!typed) return [...first, { title: "Not judged", run: () => alterHand(page, { holder: null }) }, ...near.map(chosen)];
  if (exact.length) return [...exact, ...near].map(chosen);
  const reporter = holders.find((holder) => holder.slug === page.spanInHand()?.holder);
  return [
    { title: `Create “${typed}”`, run: () => createHolder(page, typed, null) },
    ...near.map(chosen),
    ...reporter ? [{ title: `Create “${typed}”, reported by ${reporter.name}`, run: () => createHolder(page, typed, reporter.slug) }] : [],
  ];
}

const folded = (/** @type {string} */ text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/gu, " ").trim();

/**
 * The holders of this very name, whatever its case and accents, those whom nobody reports first; and the others it is a part of.
 * @param {Holder[]} holders
 * @param {string} typed
 */
export function fitting(holders, typed) {
  const same = (/** @type {Holder} */ { name }) => Boolean(typed) && folded(name) === folded(typed);
  const found = matching(holders, typed);
  const exact = found.filter(same).sort((a, b) => Number(Boolean(a.parent)) - Number(Boolean(b.parent)));
  return { exact, near: found.filter((holder) => !same(holder)) };
}

/**
 * The holders whose name holds the words typed, those that begin with them first.
 * @param {Holder[]} holders
 * @param {string} typed
 */
export function matching(holders, typed) {
  const wanted = folded(typed);
  const rank = (/** @type {Holder} */ { name }) => {
    const own = folded(name);
    return own.startsWith(wanted) ? 0 : own.includes(` ${wanted}`) ? 1 : own.includes(wanted) ? 2 : 3;
  };
  return holders.filter((holder) => rank(holder) < 3).sort((a, b) => rank(a) - rank(b));
}
