/** Going to another page by a few letters. Most visits do without, so what it takes is fetched at the first wish. */

/** @import {Page} from "../page.js" */
import { byId, element } from "../dom.js";

/** @param {Page} page */
export function offerGoing(page) {
  const button = byId("go");
  button.addEventListener("click", () => {
    const { script = "", styles = "" } = button.dataset;
    const parts = [element("link", { rel: "stylesheet", href: styles }), element("script", { type: "module", src: script })];
    Promise.all(parts.map(fetched)).then(() => button.click(), () => {
      for (const part of parts) part.remove();
      offerGoing(page);
      page.notify({ text: "The server does not answer, so there is no way to other pages yet. Try again in a moment." });
    });
  }, { once: true });
}

/** @param {HTMLElement} part */
const fetched = (part) => new Promise((done, failed) => {
  part.addEventListener("load", done);
  part.addEventListener("error", failed);
  document.head.append(part);
});
