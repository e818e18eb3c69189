/** Taking in what another device did to the reading while nobody looked at it here. */

/** @import {Page} from "../page.js" */
/** @import {AnnotationSet, Kept} from "../types.js" */
import * as marks from "../state.js";
import { counted } from "../wording.js";
import { closeElsewhere } from "./leaving.js";

/**
 * Shows the reading as the server has it. Only with nothing of one's own under way: what waits here goes out first, and the
 * server asks where both changed the same.
 * @param {Page} page
 */
export async function converge(page) {
  const before = page.outbox.stand();
  if (before === null) return;
  const { status, body } = await page.api.read().catch(() => ({ status: 0, body: null }));
  if (status !== 200 || page.outbox.stand() !== before) return;
  const ids = takeIn(page, body);
  if (ids.length) page.notify({ text: `${counted(ids.length, "mark was", "marks were")} changed elsewhere (another tab or device) since you looked here. The page shows ${ids.length === 1 ? "it" : "them"} now.` });
  if (!body.editable) closeElsewhere(page, body.state);
}

/**
 * @param {Page} page
 * @param {AnnotationSet} there
 * @returns {string[]} what was other than here
 */
function takeIn(page, there) {
  const { outbox } = page;
  let { state } = page;
  /** @type {string[]} */
  const ids = [];
  for (const layer of /** @type {Kept[]} */ (["spans", "relations", "comments"])) {
    const objects = new Map(/** @type {any[]} */ (there[layer]).map((object) => [object.id, object]));
    for (const id of new Set([...state[layer].keys(), ...objects.keys()])) {
      const object = objects.get(id) ?? null;
      if ((object?.version ?? null) === outbox.versionOf(id)) continue;
      outbox.know(id, object?.version ?? null);
      state = marks.adopted(state, layer, id, object);
      ids.push(id);
    }
  }
  const judged = (/** @type {Object<string, string|null>} */ labels) => JSON.stringify(Object.entries(labels).filter(([, slug]) => slug).sort());
  if (judged(state.documentLabels) !== judged(there.document_labels)) ids.push("");
  if (ids.length) page.show({ ...marks.forgotten(state, new Set(ids)), documentLabels: { ...there.document_labels }, holders: there.scheme.holders });
  return ids;
}
