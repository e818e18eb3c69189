/**
 * Live progress: asks for the job's row until it has ended, then shows the page anew, which says how.
 * @typedef {{state: string, progress: number}} Job
 */

const FIRST = 400;
const LONGEST = 3000;
const ENDED = ["done", "failed", "cancelled"];

/**
 * @param {Document} page
 * @param {{fetch?: typeof fetch, reload?: () => void, wait?: (ms: number) => Promise<void>}} [world]
 * @returns {Promise<void>[]} one for each job, over when the job is
 */
export function followJobs(page, { fetch: ask = (...args) => fetch(...args), reload = () => location.reload(), wait = slept } = {}) {
  const bars = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-job]"));
  return [...bars].map((bar) => follow(bar, ask, wait).then((ended) => { if (ended) reload(); }));
}

/**
 * @param {HTMLElement} bar
 * @param {typeof fetch} ask
 * @param {(ms: number) => Promise<void>} wait
 * @returns {Promise<boolean>} whether the job has ended; false where it cannot be known
 */
async function follow(bar, ask, wait) {
  for (let pause = FIRST; ; pause = Math.min(pause * 1.3, LONGEST)) {
    await wait(pause);
    const job = await read(bar.dataset.job ?? "", ask);
    if (job === "refused") return false;
    if (job === "unreachable") continue;
    if (ENDED.includes(job.state)) return true;
    show(bar, job);
  }
}

/**
 * @param {string} address
 * @param {typeof fetch} ask
 * @returns {Promise<Job|"refused"|"unreachable">}
 */
async function read(address, ask) {
  try {
    const response = await ask(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (response.ok) return await response.json();
    return response.status < 500 ? "refused" : "unreachable";
  } catch {
    return "unreachable";
  }
}

/**
 * @param {HTMLElement} bar
 * @param {Job} job
 */
function show(bar, job) {
  const progress = bar.querySelector("progress");
  if (progress) progress.value = job.progress;
  const words = bar.querySelector("[data-words]");
  if (words) words.textContent = job.state === "running" ? `running, ${Math.round(job.progress * 100)} %` : "waiting for its turn";
}

/** @param {number} ms */
function slept(ms) {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
