/**
 * Gives every element its label's own colour. The page's policy allows no style in the markup, so the markup carries
 * `data-hue` and the style is set through CSSOM.
 * @param {ParentNode} page
 */
export function showHues(page) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-hue]"))) {
    const hue = element.dataset.hue ?? "";
    if (/^#[0-9a-f]{6}$/i.test(hue)) element.style.setProperty("--hue", hue);
  }
}
