/** Comments as conversations, and flags: a flag is a comment whose text begins with one, so that no reader of the data misses it. */

/** @import {Comment} from "./types.js" */

export const FLAG = "⚑";

/** @param {Comment} comment */
export const isFlag = (comment) => comment.text.startsWith(FLAG);

/**
 * The conversations in the order in which they began, each with its answers in order. An answer to what is no longer there
 * begins a conversation of its own, so that nothing said is hidden.
 * @param {Iterable<Comment>} comments
 * @returns {{first: Comment, replies: Comment[]}[]}
 */
export function threadsOf(comments) {
  const all = [...comments].map((comment, k) => ({ comment, k })).sort((a, b) => when(a.comment).localeCompare(when(b.comment)) || a.k - b.k).map(({ comment }) => comment);
  const known = new Map(all.map((comment) => [comment.id, comment]));
  const rootOf = (/** @type {Comment} */ comment) => {
    const seen = new Set();
    let at = comment;
    for (let next = known.get(at.reply_to ?? ""); next && !seen.has(next.id); next = known.get(at.reply_to ?? "")) {
      seen.add(next.id);
      at = next;
    }
    return at;
  };
  /** @type {Map<string, {first: Comment, replies: Comment[]}>} */
  const threads = new Map();
  for (const comment of all) if (rootOf(comment) === comment) threads.set(comment.id, { first: comment, replies: [] });
  for (const comment of all) {
    const thread = threads.get(rootOf(comment).id) ?? { first: comment, replies: [] };
    if (thread.first !== comment) thread.replies.push(comment);
    else threads.set(comment.id, thread);
  }
  return [...threads.values()];
}

/** What was written just now has no time of the server's yet: it comes last. */
const when = (/** @type {Comment} */ comment) => comment.created_at ?? "9999";

/**
 * How many comments and flags each span has.
 * @param {Iterable<Comment>} comments
 */
export function countsOf(comments) {
  /** @type {Map<string, {comments: number, flags: number}>} */
  const counts = new Map();
  for (const comment of comments) {
    if (!comment.span) continue;
    const own = counts.get(comment.span) ?? { comments: 0, flags: 0 };
    own[isFlag(comment) ? "flags" : "comments"] += 1;
    counts.set(comment.span, own);
  }
  return counts;
}
