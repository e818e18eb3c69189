/** Handing the reading in. */

/** @import {Page} from "../page.js" */
import { messageIn } from "../outbox.js";
import { counted } from "../wording.js";
import { take } from "./moving.js";

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
  const open = openQuestions(page);
  if (open && !page.confirmed) {
    page.confirmed = true;
    return page.notify({ text: open, actions: [{ title: "Submit as it is", run: () => submit(page) }] });
  }
  await page.outbox.flush();
  const { state, waiting, held } = page.outbox.status();
  if (state !== "saved") {
    return page.notify({
      text: held.length ? "Not submitted: settle the changes listed here first."
        : `Not submitted: ${counted(waiting, "change waits", "changes wait")} in this browser for the server. They go out by themselves; submit again when the sign says saved.`,
    });
  }
  await handOver(page, page.api.submit, () => location.assign(page.next), "Not submitted");
}

/**
 * Takes the submission back, to change something.
 * @param {Page} page
 */
export const reopen = (page) => handOver(page, page.api.reopen, () => location.reload(), "Not reopened");

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
 * What an annotator may have forgotten, as a sentence, or "".
 * @param {Page} page
 */
export function openQuestions(page) {
  if (!page.state.spans.size) return "Nothing is marked in this document. If you looked and found nothing, submit it as it is: that is a reading, too.";
  const groups = [...page.labels.groups.keys()].filter((group) => !page.state.documentLabels[group]);
  return groups.length ? `The whole document has no label for ${groups.map((group) => group.replace(/[-_]/g, " ")).join(" and ")} yet.` : "";
}
