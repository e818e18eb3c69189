/** The guideline beside the text. Its markup is read in an inert document and only what a text needs is built from it. */

/** @import {Page} from "../page.js" */
import { changesOf } from "../changes.js";
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
  const heading = element("h2", { tabIndex: -1 }, "The labels");
  if (defined.length) {
    body.append(heading, element("dl", {}, ...defined.flatMap((label) => [
      element("dt", {}, label.kind === "stance" ? page.labels.stanceChip(label.slug) : null, ` ${label.name}`),
      ...definitionOf(label.definition).map((text, k) => element("dd", { className: k ? "example" : "" }, text)),
    ])));
  }
  page.editors.labels = () => {
    if (dialog.open && document.activeElement === heading) return dialog.close();
    dialog.show();
    heading.scrollIntoView();
    heading.focus();
  };
  listenToSearch(body);
  if (guideline && guideline.version > 1) offerChanges(page, guideline, body);
}

/**
 * A definition and, one by one, the examples in it.
 * @param {string} definition
 */
export const definitionOf = (definition) => definition.split(/(?:^|\s+)(?:examples?|e\.g\.)\s*:\s*/i).filter((text, k) => text || !k);

/**
 * Goes to the next place of what is typed at each Enter.
 * @param {HTMLElement} body
 */
function listenToSearch(body) {
  const field = /** @type {HTMLInputElement} */ (byId("guideline-search"));
  const count = byId("guideline-found");
  const highlight = "highlights" in CSS ? new Highlight() : null;
  if (highlight) CSS.highlights.set("sought", highlight);
  /** @type {Range[]} */
  let found = [];
  let at = 0;
  const go = (/** @type {number} */ next) => {
    at = (next + found.length) % Math.max(1, found.length);
    found[at]?.startContainer.parentElement?.scrollIntoView({ block: "center" });
    count.textContent = !field.value.trim() ? "" : found.length ? `${at + 1} of ${found.length}` : "Nowhere";
  };
  field.addEventListener("input", () => {
    found = rangesOf(body, field.value.trim().toLowerCase());
    highlight?.clear();
    for (const range of found) highlight?.add(range);
    go(0);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go(at + (event.shiftKey ? -1 : 1));
  });
}

/**
 * @param {HTMLElement} body
 * @param {string} wanted in lower case
 */
function rangesOf(body, wanted) {
  const found = [];
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); wanted && node; node = walker.nextNode()) {
    const text = (node.nodeValue ?? "").toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0 && at + wanted.length <= (node.nodeValue ?? "").length; at = text.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      found.push(range);
    }
  }
  return found;
}

/**
 * A part that says, when it is opened, what is new since the version before.
 * @param {Page} page
 * @param {{version: number, text: string}} guideline
 * @param {HTMLElement} body
 */
function offerChanges(page, { version, text }, body) {
  const details = element("details", {}, element("summary", {}, `What changed since version ${version - 1}`));
  const list = details.appendChild(element("div", { className: "changes" }));
  details.addEventListener("toggle", async () => {
    if (!details.open || list.childElementCount) return;
    try {
      const before = await page.api.guideline(version - 1);
      const lines = changesOf(before?.text ?? "", text).filter(({ kind }) => kind !== "same");
      list.replaceChildren(...lines.map(({ kind, text: line }) => element("p", {}, element("b", {}, kind === "new" ? "New: " : "Gone: "), element(kind === "new" ? "ins" : "del", {}, line))));
      if (!lines.length) list.textContent = "Nothing but its number.";
    } catch {
      page.notify({ text: "The server does not give the version before now. Open it again in a moment." });
      details.open = false;
    }
  });
  body.prepend(details);
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
    const made = document.createElement(tagName === "H1" ? "H2" : tagName);   // the page has its heading already
    const href = tagName === "A" ? /** @type {Element} */ (node).getAttribute("href") ?? "" : "";
    if (/^(https?:|mailto:|#)/i.test(href)) Object.assign(made, { href, target: "_blank", rel: "noopener noreferrer" });
    made.append(...copied(node));
    return [made];
  });
}
