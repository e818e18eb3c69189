/**
 * Puts a button beside what is shown once, so that it need not be selected by hand.
 * @param {Document} page
 * @param {Clipboard} [clipboard]
 */
export function offerCopies(page, clipboard = page.defaultView?.navigator.clipboard) {
  if (!clipboard) return;
  for (const shown of page.querySelectorAll("[data-copy]")) {
    const button = page.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await clipboard.writeText(shown.textContent ?? "");
      button.textContent = "Copied";
    });
    shown.after(button);
  }
}
