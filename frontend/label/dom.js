/** Elements without markup strings, where they stand, and the pointer that holds one. */

/**
 * An element with properties and children. Names with a dash become attributes, `on` holds listeners, null children are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Object<string, any>} [properties]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false && name.includes("-")) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (name === "dataset") Object.assign(made.dataset, value);
    else if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, String(value));
    else /** @type {any} */ (made)[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/**
 * An element of the page by its id; the template promises it.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}

/**
 * A field with its name before it and its key behind it.
 * @param {string} id
 * @param {string} words
 * @param {string} key
 * @param {HTMLElement} field
 */
export function row(id, words, key, field) {
  return element("div", { className: "field" }, element("label", { for: id }, words), field, key ? element("kbd", { "aria-hidden": "true" }, key) : element("span"));
}

/**
 * Whether any of the values given differs from those given before; a pane that draws the same again need not.
 */
export function watching() {
  /** @type {unknown[]} */
  let before = [];
  return (/** @type {unknown[]} */ ...values) => {
    const changed = values.length !== before.length || values.some((value, k) => value !== before[k]);
    before = values;
    return changed;
  };
}

/**
 * The first words of a text, for a list or an announcement.
 * @param {string} text
 * @param {number} [most] in characters
 */
export function shortened(text, most = 120) {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join("").trimEnd()}…`;
}

/**
 * Follows the pointer until it is let go (true) or taken away, by Escape or by the browser (false).
 * @param {PointerEvent} event
 * @param {HTMLElement} held
 * @param {(event: PointerEvent) => void} moved
 * @param {(kept: boolean, event: Event) => void} ended
 */
export function following(event, held, moved, ended) {
  held.setPointerCapture(event.pointerId);
  const leave = new AbortController();
  const end = (/** @type {Event} */ last) => {
    if (last instanceof KeyboardEvent && last.key !== "Escape") return;
    last.stopPropagation();
    leave.abort();
    ended(last.type === "pointerup", last);
  };
  addEventListener("pointermove", moved, { signal: leave.signal });
  for (const name of ["pointerup", "pointercancel", "keydown"]) addEventListener(name, end, { signal: leave.signal, capture: name === "keydown" });
}

/**
 * @param {HTMLElement} box
 * @param {Object<string, number>} sizes in pixels
 */
export function place(box, sizes) {
  for (const [name, value] of Object.entries(sizes)) box.style.setProperty(name, `${value}px`);
}
