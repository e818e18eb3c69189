/** What is said about the spans and the document: conversations, and a field to say more. */

/** @import {Page} from "../page.js" */
/** @import {Comment} from "../types.js" */
import { byId, element, shortened, watching } from "../dom.js";
import { FLAG, isFlag, threadsOf } from "../threads.js";
import { reword, say, unsay } from "../verbs/commenting.js";
import { take } from "../verbs/moving.js";

/** @param {Page} page */
export function createComments(page) {
  const list = byId("comments");
  const count = byId("comment-count");
  const about = byId("comment-about");
  const form = byId("comment-form");
  const field = /** @type {HTMLTextAreaElement} */ (byId("comment-text"));
  const whole = /** @type {HTMLInputElement} */ (byId("comment-whole"));
  const changed = watching();
  /** @type {Intl.DateTimeFormat|undefined} made when there is a time to write: that takes as long as the whole pane */
  let time;
  const written = (/** @type {string} */ at) => {
    time ??= new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
    return time.format(new Date(at)).replace("Sept", "Sep");   // as on the other pages
  };
  /** @type {{reply?: Comment, edit?: Comment}} */
  let doing = {};
  form.hidden = !page.mayComment;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
  });
  whole.addEventListener("change", showAbout);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  page.editors.comment = () => begin({});

  /** @param {typeof doing} next */
  function begin(next) {
    if (next.edit) field.value = next.edit.text;
    doing = next;
    showAbout();
    field.focus();
  }

  function keep() {
    const span = doing.reply ? doing.reply.span : aboutSpan();
    if (doing.edit) reword(page, doing.edit.id, field.value);
    else say(page, { text: field.value, span, reply_to: doing.reply?.id });
    field.value = "";
    leave();
  }

  function leave() {
    if (doing.edit) field.value = "";
    doing = {};
    showAbout();
    page.painter.root.focus({ preventScroll: true });
  }

  const aboutSpan = () => (whole.checked ? null : page.spanInHand()?.id ?? null);

  function showAbout() {
    const span = page.spanInHand();
    about.textContent = doing.edit ? "Change your comment" : doing.reply ? `Answer ${doing.reply.author}`
      : span && !whole.checked ? `On “\u2068${shortened(page.quote(span.fragments), 40)}\u2069”` : "On the whole document";
    byId("comment-whole-row").hidden = !span || Boolean(doing.edit || doing.reply);
  }

  function show() {
    const { comments, spans, hand } = page.state;
    showAbout();
    count.textContent = comments.size ? String(comments.size) : "";
    if (page.tab !== "comments" || !changed(comments, spans, hand)) return;
    byId("comments-empty").hidden = comments.size > 0;
    list.replaceChildren(...threadsOf(comments.values()).map(({ first, replies }) => element("li", { className: first.span && first.span === hand?.id ? "thread near" : "thread" },
      place(first), said(first), ...replies.length ? [element("ul", {}, ...replies.map((reply) => element("li", {}, said(reply))))] : [])));
  }

  /** @param {Comment} first */
  function place({ span }) {
    if (!span) return element("span", { className: "quiet" }, "Whole document");
    const there = page.state.spans.get(span);
    if (!there) return element("span", { className: "quiet" }, "On a span that was deleted");
    return element("button", { type: "button", className: "row", on: { click: () => take(page, { layer: "spans", id: span }, true) } },
      element("q", { dir: "auto" }, element("bdi", {}, shortened(page.excerpt(there.fragments), 70))));
  }

  /** @param {Comment} comment */
  function said(comment) {
    const mine = page.mayComment && comment.author === page.alias;
    const text = isFlag(comment) ? comment.text.slice(FLAG.length).trim() || "Flagged" : comment.text;
    const act = (/** @type {string} */ title, /** @type {() => void} */ run) => element("button", { type: "button", className: "link", "aria-label": `${title}: ${shortened(text, 40)}`, on: { click: run } }, title);
    return element("div", { className: "said" },
      element("p", { dir: "auto" }, isFlag(comment) ? element("span", { className: "flag", "aria-hidden": "true" }, `${FLAG} `) : null, text),
      element("p", { className: "quiet" }, mine ? "You" : comment.author, comment.created_at ? `, ${written(comment.created_at)}` : "",
        page.mayComment && act("Answer", () => begin({ reply: comment })),
        mine && act("Change", () => begin({ edit: comment })), mine && act("Delete", () => unsay(page, comment.id))));
  }

  return { show };
}
