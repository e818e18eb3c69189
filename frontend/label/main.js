/** Opens the labelling page: what the server embedded is read and the text painted first; all else follows once it is seen. */

/** @import {AnnotationSet} from "./types.js" */
import { byId } from "./dom.js";
import { labelsOf, showHues } from "./labels.js";
import { offsetsOf } from "./text/offsets.js";
import { createPainter } from "./text/paint.js";
import { paragraphsOf } from "./text/segments.js";
import { openWorkspace } from "./workspace.js";

/** @type {AnnotationSet} */
const set = JSON.parse(byId("set-data").textContent ?? "");
const { text, language } = set.document;
const offsets = offsetsOf(text);
const paragraphs = paragraphsOf(text, offsets);
const labels = labelsOf(set.scheme);
showHues(labels.stances);
const root = byId("text");
if (language) root.lang = language;
const painter = createPainter(root, text, offsets, paragraphs, labels.stanceIndex);
painter.show(new Map(set.spans.map((span) => [span.id, span])));

afterPaint(() => openWorkspace({ set, labels, painter }));

/**
 * Does this once the frame with what was just painted is on its way; at once where nobody looks, for then no frame comes.
 * @param {() => void} work
 */
function afterPaint(work) {
  if (document.hidden) work();
  else requestAnimationFrame(() => setTimeout(work));
}
