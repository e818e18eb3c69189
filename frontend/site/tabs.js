/**
 * Brings the open tab into sight where the row of tabs is wider than the screen.
 * @param {ParentNode} page
 */
export function showOpenTab(page) {
  const tabs = page.querySelector(".tabs");
  const open = /** @type {HTMLElement|null} */ (tabs?.querySelector("[aria-current]") ?? null);
  if (tabs && open) tabs.scrollLeft = open.offsetLeft - (tabs.clientWidth - open.offsetWidth) / 2;
}
