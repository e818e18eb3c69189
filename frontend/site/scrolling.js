/**
 * Lets the arrow keys scroll whatever is wider than its place, and says what it is; nothing else becomes a stop of the Tab key.
 * @param {Document} page
 */
export function letKeysScroll(page) {
  const boxes = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll(".scroll:not([tabindex]), .prose table, .prose pre"));
  const watching = new ResizeObserver((changed) => { for (const { target } of changed) mark(/** @type {HTMLElement} */ (target)); });
  for (const box of boxes) watching.observe(box);
}

/** @param {HTMLElement} box */
function mark(box) {
  const wide = box.scrollWidth > box.clientWidth;
  if (!wide) return box.removeAttribute("tabindex");
  box.tabIndex = 0;
  if (box.matches("table")) return;   // a table's own role must stay
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", nameOf(box));
}

/** @param {HTMLElement} box */
function nameOf(box) {
  const heading = box.closest("section")?.querySelector("h2, h3") ?? box.ownerDocument.querySelector("h1");
  return (box.querySelector("caption") ?? heading)?.textContent?.trim() || "Table";
}
