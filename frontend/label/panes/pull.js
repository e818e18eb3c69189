/** Pulling a relation with the pointer: from the span in hand to what it supports or attacks, in the text, the margin or the list. */

/** @import {Page} from "../page.js" */
/** @import {Hand, Span} from "../types.js" */
import { byId, element, following, place } from "../dom.js";
import { capOf } from "../labels.js";
import { linesOf } from "../text/lines.js";
import { keyOf } from "../commands.js";
import { endsFor, relate } from "../verbs/relating.js";
import { describe } from "../wording.js";
import { path, svgOf } from "./arcs.js";

/** So near to the upper or lower edge of the text, it scrolls; in pixels, and how far at each frame. */
const EDGE = 36;
const PACE = 10;

/**
 * @param {PointerEvent} event
 * @param {Span} span
 * @param {Page} page
 */
export function pull(event, span, page) {
  const knob = /** @type {HTMLElement} */ (event.currentTarget);
  const reader = /** @type {HTMLElement} */ (page.painter.root.closest(".reader"));
  const line = path("", "");
  const over = document.body.appendChild(element("div", { className: "pull", "aria-hidden": "true" }));
  const picture = over.appendChild(svgOf("svg"));
  picture.append(line);
  /** @type {Hand|null} */
  let to = null;
  let [x, y] = [event.clientX, event.clientY];
  let frame = requestAnimationFrame(scroll);

  function scroll() {
    const { top, bottom } = reader.getBoundingClientRect();
    const by = y < top + EDGE ? -PACE : y > bottom - EDGE ? PACE : 0;
    if (by) {
      reader.scrollTop += by;
      show();
    }
    frame = requestAnimationFrame(scroll);
  }

  function show() {
    const from = knob.getBoundingClientRect();
    line.setAttribute("d", `M${from.left + from.width / 2} ${from.top + from.height / 2}L${x} ${y}`);
    to = endUnder(page, span, x, y);
    const aimed = to?.layer === "spans" ? page.state.spans.get(to.id)?.fragments ?? [] : [];
    const boxes = aimed.flatMap(([start, end]) => linesOf(page.painter, start, end)).map(({ left, top, right, bottom }) => {
      const box = element("div", { className: "box aim" });
      place(box, { left: left - 2, top: top - 1, width: right - left + 4, height: bottom - top + 2 });
      return box;
    });
    over.replaceChildren(picture, ...boxes);
    picture.classList.toggle("onto", Boolean(to));
  }

  following(event, knob, (moved) => {
    [x, y] = [moved.clientX, moved.clientY];
    show();
  }, (kept) => {
    cancelAnimationFrame(frame);
    const leave = () => over.remove();
    if (!kept || !to) return leave();
    const labels = page.labels.relations.filter(({ slug }) => endsFor(page, slug, span.id).some(({ id }) => id === to?.id));
    if (labels.length === 1) relate(page, labels[0].slug, span.id, to);
    if (labels.length < 2) return leave();
    offer(page, span.id, to, labels, x, y, leave);
  });
}

/**
 * What a relation of the span may end at under a point of the window.
 * @param {Page} page
 * @param {Span} span
 * @param {number} x
 * @param {number} y
 * @returns {Hand|null}
 */
function endUnder(page, span, x, y) {
  const under = document.elementFromPoint(x, y);
  const shown = under && page.painter.root.contains(under) ? page.painter.spansAt(under)
    : [/** @type {HTMLElement|null|undefined} */ (under?.closest("#arcs g, #side [data-id]"))?.dataset.id ?? ""];
  const ends = page.labels.relations.flatMap(({ slug }) => endsFor(page, slug, span.id));
  // The last of those painted there is the innermost, for they are in the order of reading.
  return shown.toReversed().map((id) => ends.find((end) => end.id === id)).find(Boolean) ?? null;
}

/**
 * Asks what kind of relation it is, where the pointer was let go.
 * @param {Page} page
 * @param {string} from
 * @param {Hand} to
 * @param {import("../types.js").Label[]} labels
 * @param {number} x
 * @param {number} y
 * @param {() => void} leave
 */
function offer(page, from, to, labels, x, y, leave) {
  const commands = labels.map((label) => page.commands.find((command) => command.label === label));
  let ended = false;   // taking away what has the focus ends it once more
  const end = () => {
    if (ended) return;
    ended = true;
    menu.remove();
    leave();
    page.painter.root.focus({ preventScroll: true });
  };
  const buttons = labels.map((label, k) => element("button", { type: "button", className: "command", role: "menuitem", title: label.definition, on: {
    click: () => { end(); relate(page, label.slug, from, to); },
  } }, commands[k]?.keys[0] ? element("kbd", { "aria-hidden": "true" }, capOf(commands[k].keys[0])) : null, label.name));
  const menu = element("div", { className: "kinds", role: "menu", "aria-label": `Relation to ${describe(page, to)}`, on: {
    focusout: (/** @type {FocusEvent} */ { relatedTarget }) => { if (!menu.contains(/** @type {Node|null} */ (relatedTarget))) end(); },
    keydown: (/** @type {KeyboardEvent} */ event) => {
      const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
      const key = keyOf(event);
      const step = { arrowdown: 1, arrowright: 1, arrowup: -1, arrowleft: -1 }[key];
      const chosen = commands.findIndex((command) => command?.keys.includes(key));
      if (key === "escape") end();
      else if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
      else if (chosen >= 0) buttons[chosen].click();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  } }, ...buttons);
  byId("label").append(menu);
  place(menu, { left: Math.min(x, innerWidth - menu.offsetWidth - 8), top: Math.min(y + 4, innerHeight - menu.offsetHeight - 8) });
  buttons[0].focus();
}
