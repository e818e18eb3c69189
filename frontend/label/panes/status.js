/** Whether everything is saved, in one word; and what went wrong, in sentences with a way on. */

/** @import {Action, Page, Notice} from "../page.js" */
/** @import {Entry, Problem, Status} from "../outbox.js" */
import { byId, element } from "../dom.js";
import { giveUp, reopenAndSend } from "../verbs/leaving.js";
import { counted, describe, describeObject } from "../wording.js";

/** Nothing says "saving" for less than this: a sign that blinks at every key tires. */
const PATIENCE = 300;
/** The server's words for a reading that takes no change any more. */
const CLOSED = new Set(["set_submitted", "lease_lost", "skipped", "given_back"]);

/** @param {Page} page */
export function createStatus(page) {
  const sign = byId("saved");
  const notices = byId("notices");
  const announcer = byId("announcer");
  /** @type {Notice|null} */
  let notice = null;
  /** @type {Status} */
  let status = { state: "saved", waiting: 0, held: [], problem: null, others: 0 };
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  page.announce = (text) => { announcer.textContent = announcer.textContent === text ? `${text}\u00a0` : text; };
  const landed = document.getElementById("landed");   // what the page before had to say
  if (landed) setTimeout(() => page.announce(landed.innerText));
  page.notify = (next) => {
    notice = next;
    landed?.remove();
    render();
  };

  /** @param {Status} next */
  function showStatus(next) {
    status = next;
    page.stop(next.problem && CLOSED.has(next.problem.code) ? next.problem.code : "");
    clearTimeout(timer);
    sign.dataset.state = page.editable || next.state !== "saved" ? next.state : "read-only";
    if (next.state === "saved" && notice?.saved) notice = notice.saved;
    if (next.state === "saving" && sign.dataset.said === "saved") timer = setTimeout(say, PATIENCE);
    else say();
    render();
  }

  function say() {
    const { state, waiting, held, problem } = status;
    const closed = !page.editable && state === "saved";
    sign.dataset.state = sign.dataset.said = closed ? "read-only" : state;
    const words = closed ? "read only" : {
      saved: "saved", saving: "saving", offline: `offline: ${waiting} waiting`,
      conflict: `conflict: ${held.length} to settle`, stopped: problem?.status === 401 ? `signed out: ${waiting} waiting` : `not saved: ${waiting} waiting`,
    }[state];
    if (sign.textContent !== words) sign.textContent = words;
  }

  function render() {
    const all = [...notice ? [{ ...notice, close: () => { page.notify(null); page.confirmed = false; } }] : [], ...noticesOf(status, page)];
    const key = JSON.stringify(all);
    if (notices.dataset.key === key) return;
    notices.dataset.key = key;
    notices.replaceChildren(...all.map(({ text, points = [], actions = [], close }) => element("div", { className: "notice" },
      element("div", { className: "said" }, element("p", {}, text), ...points.map((point) => element("p", {}, point.text, " ",
        ...(point.places ?? []).map(({ title, run }) => element("button", { type: "button", className: "link", on: { click: run } }, element("bdi", {}, title)))))),
      ...actions.map(({ title, run, href }) => (href ? element("a", { className: "plain", href }, title) : element("button", { type: "button", on: { click: run } }, title))),
      close ? element("button", { type: "button", className: "plain", "aria-label": "Close this message", on: { click: close } }, "✕") : null)));
  }

  return { showStatus, show: say };
}

/**
 * What stands in the way of saving, and what to do about each.
 * @param {Status} status
 * @param {Page} page
 * @returns {(Notice & {close?: () => void})[]}
 */
function noticesOf({ problem, waiting, held, others }, page) {
  const found = held.map((entry) => conflict(entry, page));
  if (problem) found.push({ text: stopText(problem, waiting), actions: waysOn(problem, page) });
  if (others) found.push({ text: `${counted(others, "change", "changes")} by another person wait in this browser for this document. They go out when that person signs in here again.` });
  return found;
}

/**
 * @param {Problem} problem
 * @param {number} waiting
 */
function stopText({ status, code, message }, waiting) {
  const waits = `${counted(waiting, "change waits", "changes wait")} in this browser`;
  const kept = `${waits} and will be sent.`;
  if (status === 401) return `You are signed out. Sign in in another tab, then try again. ${kept}`;
  if (status === 403) return `The server does not take changes from you here: ${message || "no permission"} If you signed in as somebody else in another tab, sign in as yourself again. ${kept}`;
  if (status === 404) return `This reading is not open to you: you are no longer a member of the project or may not open it, or somebody else signed in here in another tab. ${waits}, should you be taken back.`;
  if (code === "set_submitted") return `This reading was submitted in another tab or on another device. ${waits} and ${waiting === 1 ? "is" : "are"} not part of it.`;
  if (code === "lease_lost") return `Your time for this document ran out and others took the seats. What was saved is kept aside; ${waits} and cannot be saved any more.`;
  if (code === "skipped") return `You skipped this document. What was saved is kept aside; ${waits}.`;
  if (code === "given_back") return `This document was given back. What was saved is kept aside until you are given it again; ${waits}.`;
  return `The document takes no changes now: ${message || `the server answered ${status}.`} ${kept}`;
}

/**
 * What may be done about it, the best first.
 * @param {Problem} problem
 * @param {Page} page
 * @returns {Action[]}
 */
function waysOn({ status, code }, page) {
  const again = { title: "Try again", run: () => { page.outbox.retry(); } };
  if (status === 404) return [again, { title: "My work", href: "/" }];
  if (!CLOSED.has(code)) return [again];
  const drop = { title: "Let them go and look at it", run: () => giveUp(page) };
  const next = { title: "Label next", href: page.next };
  if (code === "set_submitted") return [...page.mayReopen ? [{ title: "Reopen it and send them", run: () => { reopenAndSend(page); } }] : [], drop, next];
  return code === "lease_lost" ? [next, drop] : [next, again, drop];
}

/**
 * @param {Entry} entry
 * @param {Page} page
 * @returns {Notice}
 */
function conflict(entry, page) {
  const { layer, id, held, method } = entry;
  const isMark = layer === "spans" || layer === "relations" || layer === "comments";
  const what = isMark && describe(page, { layer, id }) || { spans: "A span", relations: "A relation", comments: "A comment", "document-labels": "The document's labels", holders: `The holder ${entry.body?.name}` }[layer];
  const take = (/** @type {any} */ object) => { if (isMark) page.adopt(layer, id, object); };
  const keep = { title: held?.why === "refused" ? "Try again" : method === "DELETE" ? "Delete it all the same" : "Keep mine", run: () => { page.outbox.settle(entry, "mine"); } };
  if (held?.why === "stale") {
    return {
      text: `${what} was changed elsewhere (another tab or device) since you saw it. There it is now: ${describeObject(page, held.current)}`,
      actions: [keep, { title: "Take the other", run: () => { take(held.current?.id ? held.current : null); page.outbox.settle(entry, "theirs"); } }],
    };
  }
  if (held?.why === "deleted") {
    return {
      text: `${what} was deleted elsewhere (another tab or device) since you saw it.`,
      actions: [keep, { title: "Let it go", run: () => { take(null); page.outbox.settle(entry, "theirs"); } }],
    };
  }
  return {
    text: `${what} was not saved: ${held?.message || "the server refused it."}`,
    actions: [keep, { title: "Go back to what is saved", run: () => page.revert(entry) }],
  };
}
