/** Handing the reading in, taking it back, and what is left to do where that was done elsewhere. */

/** @import {Page, Point} from "../page.js" */
import { crossing, withoutTarget } from "../checks.js";
import { shortened } from "../dom.js";
import { messageIn } from "../outbox.js";
import { counted } from "../wording.js";
import { take } from "./moving.js";

/** So many places of one kind are named; who has more of them knows where to look. */
const MOST = 6;

/**
 * Declares the reading finished and goes on to the next document, once everything is saved and nothing is left open.
 * @param {Page} page
 */
export async function submit(page) {
  if (!page.editable) return;
  const bare = [...page.state.spans.values()].find((span) => !span.stance && !span.role);
  if (bare) {
    take(page, { layer: "spans", id: bare.id }, true);
    return page.notify({ text: "Not submitted: the span in hand has neither a stance nor a role. Give it one, or delete it." });
  }
  const points = openQuestions(page);
  if (points.length && !page.confirmed) {
    page.confirmed = true;
    return page.notify({ text: "Not submitted yet. Ctrl ↵ once more submits it as it is.", points, actions: [{ title: "Submit as it is", run: () => submit(page) }] });
  }
  await page.outbox.flush();
  const { state, waiting, held } = page.outbox.status();
  if (state !== "saved") {
    return page.notify(held.length ? { text: "Not submitted: settle the changes listed here first." } : {
      text: `Not submitted: ${counted(waiting, "change waits", "changes wait")} in this browser for the server. They go out by themselves.`,
      saved: { text: "Everything is saved now.", actions: [{ title: "Submit", run: () => submit(page) }] },
    });
  }
  await handOver(page, page.api.submit, () => {
    page.tell({ kind: "closed" });
    location.assign(`${page.next}?submitted=${page.set.id}`);
  }, "Not submitted");
}

/**
 * Takes the submission back, to change something.
 * @param {Page} page
 */
export const reopen = (page) => handOver(page, page.api.reopen, () => location.reload(), "Not reopened");

/**
 * Takes the submission back and sends what waits here.
 * @param {Page} page
 */
export const reopenAndSend = (page) => handOver(page, page.api.reopen, () => { page.outbox.retry(); }, "Not reopened");

/**
 * Gives up what waits here, when that was said once more, and shows the reading as it is.
 * @param {Page} page
 */
export function giveUp(page) {
  const { waiting } = page.outbox.status();
  page.notify({
    text: `${counted(waiting, "change", "changes")} that the server does not have will be lost.`,
    actions: [{ title: `Lose ${waiting === 1 ? "it" : "them"} and show what is saved`, run: () => letAllGo(page) }],
  });
}

/** @param {Page} page */
async function letAllGo(page) {
  await page.outbox.discard();
  showAnew(page);
}

/**
 * Shows what is saved, where what was done here was let go: nothing of it can be taken back either.
 * @param {Page} page
 */
export function showAnew(page) {
  page.state = { ...page.state, undo: [], redo: [] };
  location.reload();
}

/**
 * The reading was handed in elsewhere, or taken back: nothing is changed here any more.
 * @param {Page} page
 * @param {string} [state] the reading's
 */
export function closeElsewhere(page, state = "submitted") {
  if (!page.editable) return;
  page.set = { ...page.set, state };
  page.show({ ...page.state, editable: false, drawing: null, many: [] });
  const why = state === "submitted" ? "You submitted this reading in another tab or on another device" : `This reading is ${state}`;
  page.notify({ text: `${why}: nothing can be changed here.`, actions: [
    ...page.mayReopen && state === "submitted" ? [{ title: "Reopen it", run: () => reopen(page) }] : [],
    { title: "Next document", run: () => location.assign(page.next) },
  ] });
}

/**
 * @param {Page} page
 * @param {() => Promise<import("../outbox.js").Answer>} ask
 * @param {() => void} done
 * @param {string} failed
 */
async function handOver(page, ask, done, failed) {
  try {
    const { status, body } = await ask();
    if (status < 300) return done();
    page.notify({ text: `${failed}. ${messageIn(body) || `The server answered ${status}.`}` });
  } catch {
    page.notify({ text: `${failed}: the server does not answer. Everything is saved; try again in a moment.` });
  }
}

/**
 * What an annotator may have forgotten or overlooked, each with the way there.
 * @param {Page} page
 * @returns {Point[]}
 */
export function openQuestions(page) {
  const { state, set, labels } = page;
  if (!state.spans.size) return [{ text: "Nothing is marked in this document. If you looked and found nothing, submit it as it is: that is a reading, too." }];
  const groups = [...labels.groups.keys()].filter((group) => !state.documentLabels[group]);
  const bare = withoutTarget(state, set.scheme.targets);
  const crossed = crossing(state);
  return [
    ...bare.length ? [{ text: `${counted(bare.length, "span has", "spans have")} a stance, but no target:`, places: placesOf(page, bare) }] : [],
    ...crossed.length ? [{ text: `${counted(crossed.length, "span", "spans")} with different stances toward the same target lie over each other. That may be meant; but where they do, one of the agreement figures cannot be computed:`, places: placesOf(page, crossed) }] : [],
    ...groups.length ? [{ text: `The whole document has no label for ${groups.map((group) => group.replace(/[-_]/g, " ")).join(" and ")} yet.`, places: [{ title: "Answer", run: () => page.edit("document") }] }] : [],
  ];
}

/**
 * @param {Page} page
 * @param {import("../types.js").Span[]} spans
 */
function placesOf(page, spans) {
  const named = spans.slice(0, MOST).map(({ id, fragments }) => ({ title: `“\u2068${shortened(page.quote(fragments), 40)}\u2069”`, run: () => take(page, { layer: "spans", id }, true) }));
  const rest = spans[MOST];
  return rest ? [...named, { title: `and ${spans.length - MOST} more`, run: () => take(page, { layer: "spans", id: rest.id }, true) }] : named;
}
