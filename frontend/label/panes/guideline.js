/** The guideline beside the text. Its markup is read in an inert document and only what a text needs is built from it. */

/** @import {Page} from "../page.js" */
import { byId, element } from "../dom.js";

const ALLOWED = new Set("H1 H2 H3 H4 H5 H6 P UL OL LI STRONG B EM I CODE PRE BLOCKQUOTE A HR BR TABLE THEAD TBODY TR TH TD DL DT DD Q KBD MARK DEL INS SUB SUP".split(" "));
const DROPPED = new Set("SCRIPT STYLE TEMPLATE IFRAME OBJECT EMBED NOSCRIPT TITLE HEAD".split(" "));

/** @param {Page} page */
export function createGuideline(page) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("guideline"));
  page.dialogs.guideline = dialog;
  const body = byId("guideline-body");
  const { guideline, labels } = page.set.scheme;
  if (guideline) {
    byId("guideline-version").textContent = `version ${guideline.version}`;
    body.append(...guideline.html ? copied(new DOMParser().parseFromString(guideline.html, "text/html").body) : [element("pre", {}, guideline.text)]);
  } else {
    body.append(element("p", { className: "quiet" }, "This project has no guideline yet. A manager writes it in the project's settings."));
  }
  const defined = labels.filter((label) => label.definition);
  if (defined.length) {
    body.append(element("h2", {}, "The labels"), element("dl", {}, ...defined.flatMap((label) => [
      element("dt", {}, label.kind === "stance" ? page.labels.stanceChip(label.slug) : null, ` ${label.name}`),
      element("dd", {}, label.definition),
    ])));
  }
}

/**
 * Copies of a node's children with only the elements of a text and only links that lead to a page.
 * @param {Node} source
 * @returns {Node[]}
 */
export function copied(source) {
  return [...source.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.nodeValue ?? "")];
    if (!(node instanceof Element) && node.nodeType !== Node.ELEMENT_NODE) return [];
    const { tagName } = /** @type {Element} */ (node);
    if (DROPPED.has(tagName)) return [];
    if (!ALLOWED.has(tagName)) return copied(node);
    const made = document.createElement(tagName);
    const href = tagName === "A" ? /** @type {Element} */ (node).getAttribute("href") ?? "" : "";
    if (/^(https?:|mailto:|#)/i.test(href)) Object.assign(made, { href, target: "_blank", rel: "noopener noreferrer" });
    made.append(...copied(node));
    return [made];
  });
}
