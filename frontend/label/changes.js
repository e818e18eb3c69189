/** What changed from one wording to the next, line by line. */

/**
 * @typedef {{kind: "same"|"gone"|"new", text: string}} Line
 */

/**
 * The lines of both texts in order, by their longest common run of lines.
 * @param {string} before
 * @param {string} after
 * @returns {Line[]}
 */
export function changesOf(before, after) {
  const [old, now] = [before, after].map((text) => text.split(/\r\n|\n|\r/).filter((line) => line.trim()));
  const common = old.map(() => new Uint32Array(now.length + 1)).concat(new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) common[i][j] = old[i] === now[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  }
  /** @type {Line[]} */
  const lines = [];
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    if (i < old.length && old[i] === now[j]) lines.push({ kind: "same", text: (i++, now[j++]) });
    else if (j >= now.length || i < old.length && common[i + 1][j] >= common[i][j + 1]) lines.push({ kind: "gone", text: old[i++] });
    else lines.push({ kind: "new", text: now[j++] });
  }
  return lines;
}
