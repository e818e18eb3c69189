/** Handing the reading in. */

/** @import {Page} from "../page.js" */
import { counted } from "../wording.js";

/** @param {Page} page */
export async function submit(page) {
  if (!page.editable) return;
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
  try {
    const { status, body } = await page.api.submit();
    if (status < 300) return location.assign(page.next);
    page.notify({ text: `Not submitted. ${(body?.errors ?? []).map((/** @type {any} */ e) => e.detail).join(" ") || `The server answered ${status}.`}` });
  } catch {
    page.notify({ text: "Not submitted: the server does not answer. Everything is saved; submit again in a moment." });
  }
}

/**
 * What an annotator may have forgotten, as a sentence, or "".
 * @param {Page} page
 */
export function openQuestions(page) {
  if (!page.state.spans.size) return "Nothing is marked in this document. If you looked and found nothing, submit it as it is: that is a reading, too.";
  const groups = [...page.labels.groups.keys()].filter((group) => !page.state.documentLabels[group]);
  return groups.length ? `The whole document has no label for ${groups.join(" and ")} yet.` : "";
}
