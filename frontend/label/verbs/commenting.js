/** Saying something about a span or the document: comments, answers and flags. */

/** @import {Page} from "../page.js" */
import * as marks from "../state.js";
import { newId } from "../outbox.js";
import { FLAG, isFlag } from "../threads.js";

/**
 * @param {Page} page
 * @param {{text: string, span: string|null, reply_to?: string|null}} comment
 */
export function say(page, { text, span, reply_to = null }) {
  const said = text.trim();
  if (!said) return;
  page.change([{ kind: "put", layer: "comments", object: { id: newId(), text: said, span, reply_to, author: page.alias } }],
    reply_to ? "Answered." : said === FLAG ? `Flagged: ${span ? "the span" : "the document"}.` : `Comment kept on ${span ? "the span" : "the document"}.`);
}

/**
 * @param {Page} page
 * @param {string} id
 * @param {string} text
 */
export function reword(page, id, text) {
  const before = page.state.comments.get(id);
  if (before && text.trim() && text.trim() !== before.text) page.change([{ kind: "put", layer: "comments", object: { ...before, text: text.trim() } }], "Comment changed.");
}

/**
 * @param {Page} page
 * @param {string} id
 */
export const unsay = (page, id) => page.change(marks.remove(page.state, "comments", id), "Comment deleted. Undo brings it back.");

/**
 * Flags the span in hand, or the document, for others to look at; again takes one's own flag away.
 * @param {Page} page
 */
export function flag(page) {
  if (!page.mayComment) return page.announce("You do not comment on this reading.");
  const span = page.spanInHand()?.id ?? null;
  const own = [...page.state.comments.values()].find((comment) => comment.span === span && isFlag(comment) && comment.author === page.alias);
  if (own) page.change(marks.remove(page.state, "comments", own.id), "The flag is taken away.");
  else say(page, { text: FLAG, span });
}

/** @param {Page} page */
export function comment(page) {
  if (!page.mayComment) return page.announce("You do not comment on this reading.");
  page.openTab("comments");
  page.showFar();
  page.openSheet(true);
  page.editors.comment?.();
}
