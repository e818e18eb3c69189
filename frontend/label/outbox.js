/**
 * Nothing is lost: every change waits here, in order, until the server has acknowledged it. The entries live in IndexedDB
 * under a person and a set, so they outlast a reload, a closed tab and a server that is away. Sending one twice is harmless.
 */

/**
 * @typedef {Object} Entry
 * @property {number} [seq] the order of sending, given by the store
 * @property {string} uid
 * @property {string} person
 * @property {number} set
 * @property {"spans"|"relations"|"comments"|"document-labels"|"holders"} layer
 * @property {string} id
 * @property {"PUT"|"DELETE"|"POST"} method
 * @property {any} body
 * @property {boolean} restore
 * @property {number|null} base the version that the annotator saw; null: a new object, or none is kept
 * @property {string|null} after the entry that this one builds on; its answer will give the base
 * @property {Held|null} held
 *
 * @typedef {{why: "stale"|"deleted"|"refused", current: any, message: string}} Held
 * @typedef {{status: number, code: string, message: string}} Problem
 * @typedef {{state: "saved"|"saving"|"offline"|"conflict"|"stopped", waiting: number, held: Entry[], problem: Problem|null, others: number}} Status
 *   others: changes that another person left in this browser for the same set
 *
 * @typedef {Object} Store
 * @property {(entries: Entry[]) => Promise<Entry[]>} add all of them in one transaction, in their order
 * @property {() => Promise<Entry[]>} all this person's and set's entries in order
 * @property {(entries: Entry[], gone: Entry[]) => Promise<void>} write both in one transaction
 * @property {() => Promise<number>} others
 *
 * @typedef {Object} Answer
 * @property {number} status
 * @property {any} body
 */

/** How long to wait after the first, second, ... failure in a row, in ms. */
const PATIENCE = [500, 1000, 2000, 4000, 8000, 15000];

/**
 * @param {Object} options
 * @param {Store} options.store
 * @param {(entry: Entry) => Promise<Answer>} options.send rejects when no answer came
 * @param {{person: string, set: number}} options.key
 * @param {Map<string, number>} options.versions the last version known of each object; kept up to date here
 * @param {(status: Status) => void} options.notify
 * @param {(entry: Entry, body: any) => void} [options.stored] told of every acknowledged entry, of other tabs too
 * @param {(entry: Entry) => void} [options.joined] told of entries that another tab added
 * @param {(work: () => Promise<void>) => Promise<void>} [options.alone] lets one tab at a time send
 * @param {{postMessage: (message: any) => void, onmessage: any}} [options.channel] to the other tabs
 * @param {number[]} [options.patience]
 */
export function openOutbox({ store, send, key, versions, notify, stored, joined, alone = (work) => work(), channel, patience = PATIENCE }) {
  /** @type {Entry[]} */
  let entries = [];
  /** @type {Set<Entry>} */
  const unwritten = new Set();
  /** @type {Problem|null} */
  let problem = null;
  let failures = 0;
  let others = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** @type {Promise<void>|null} */
  let sending = null;
  /** @type {Promise<void>|null} */
  let writing = null;
  let asked = false;
  let changes = 0;   // how often something was taken in here, or acknowledged

  const pending = () => {
    const known = new Set(entries.map(({ uid }) => uid));
    return [...entries, ...[...unwritten].filter(({ uid }) => !known.has(uid))];
  };

  /** @returns {Status} */
  function status() {
    const all = pending();
    const held = all.filter((entry) => entry.held);
    const waiting = all.length - held.length;
    // What waits for the server is safe once the browser has stored it; until then it is being saved.
    const state = held.length ? "conflict" : !waiting ? "saved" : unwritten.size ? "saving" : problem ? "stopped" : failures ? "offline" : "saving";
    return { state, waiting, held, problem, others };
  }
  const report = () => notify(status());

  if (channel) channel.onmessage = async (/** @type {{data: any}} */ { data }) => {
    if (data.kind === "added") {
      entries.push(data.entry);
      joined?.(data.entry);
    }
    if (data.kind === "stored") {
      learn(data.entry, data.body);
      stored?.(data.entry, data.body);
    }
    entries = await store.all();
    if (!entries.length) problem = null;
    report();
  };

  /**
   * Takes a change in; it will be sent after all that came before it. Resolves when it is safely stored in the browser.
   * @param {Pick<Entry, "layer"|"id"|"method"|"body"> & {restore?: boolean}} change
   */
  async function add({ layer, id, method, body, restore = false }) {
    const before = pending().findLast((entry) => entry.layer === layer && entry.id === id);
    /** @type {Entry} */
    const entry = {
      ...key, uid: newId(), layer, id, method, body, restore, held: null,
      base: before ? null : versions.get(id) ?? null, after: before?.uid ?? null,
    };
    changes += 1;
    unwritten.add(entry);
    report();
    await (writing ??= writeWaiting().finally(() => { writing = null; }));
    return flush();
  }

  /**
   * Stores all that waits for it in one transaction, and what is added meanwhile in the next: under load none waits for those
   * before it one by one. What could not be stored is tried again with the next change.
   */
  async function writeWaiting() {
    await null;   // what one command changes comes together
    while (unwritten.size) {
      const batch = [...unwritten];
      for (const written of await store.add(batch)) {
        if (!entries.some((e) => e.uid === written.uid)) entries.push(written);
        channel?.postMessage({ kind: "added", entry: written });
      }
      for (const entry of batch) unwritten.delete(entry);
    }
  }

  /** Sends what waits; resolves when nothing more can be sent now. */
  function flush() {
    asked = true;
    sending ??= drain().finally(() => { sending = null; });
    return sending;
  }

  async function drain() {
    while (asked) {
      asked = false;
      clearTimeout(timer);
      await alone(sendInOrder);
    }
    report();
  }

  async function sendInOrder() {
    for (;;) {
      entries = await store.all();
      const entry = problem ? undefined : firstFree(entries);
      if (!entry) return;
      report();
      // One that builds on another was written after that one's answer came: what we know now is its base.
      if (!await attempt(entry.after ? { ...entry, after: null, base: versions.get(entry.id) ?? null } : entry)) return;
    }
  }

  /**
   * Sends one entry; true if the next may follow.
   * @param {Entry} entry
   */
  async function attempt(entry) {
    /** @type {Answer} */
    let answer;
    try {
      answer = await send(entry);
    } catch {
      return later();
    }
    const { status, body } = answer;
    if (status >= 500 || status === 429 || status === 408) return later();
    failures = 0;
    if (status >= 200 && status < 300 || status === 412 && says(body?.current, entry)) {
      await acknowledge(entry, status === 412 ? body.current : body);
    } else if ([400, 410, 412, 413, 422].includes(status)) {
      const why = status === 412 ? "stale" : status === 410 ? "deleted" : "refused";
      await store.write([{ ...entry, held: { why, current: body?.current ?? null, message: messageIn(body) } }], []);
      channel?.postMessage({ kind: "held" });
    } else {
      problem = { status, code: body?.errors?.[0]?.code ?? "", message: messageIn(body) };
      report();
      return false;
    }
    return true;
  }

  function later() {
    timer = setTimeout(flush, patience[Math.min(failures, patience.length - 1)]);
    failures += 1;
    report();
    return false;
  }

  /**
   * The entry goes and those that build on it learn their base, in one transaction: a reload in between changes nothing.
   * @param {Entry} entry
   * @param {any} body
   */
  async function acknowledge(entry, body) {
    learn(entry, body);
    const next = (await store.all()).filter((e) => e.after === entry.uid)
      .map((e) => ({ ...e, after: null, base: versions.get(entry.id) ?? null }));
    await store.write(next, [entry]);
    entries = await store.all();
    channel?.postMessage({ kind: "stored", entry, body });
    stored?.(entry, body);
    report();
  }

  /**
   * @param {Entry} entry
   * @param {any} body
   */
  function learn(entry, body) {
    changes += 1;
    if (entry.method === "PUT" && body?.version) versions.set(entry.id, body.version);
    if (entry.method === "DELETE") {
      versions.delete(entry.id);
      for (const id of [...body?.deleted?.spans ?? [], ...body?.deleted?.relations ?? []]) versions.delete(id);
    }
  }

  return {
    add, flush, status,
    /** A number that is the same as long as nothing happens here; null while something is on its way. */
    stand: () => (pending().length ? null : changes),
    /** The version that is known of an object. */
    versionOf: (/** @type {string} */ id) => versions.get(id) ?? null,
    /**
     * Learns what the server has; null: nothing.
     * @param {string} id
     * @param {number|null} version
     */
    know(id, version) {
      if (version === null) versions.delete(id);
      else versions.set(id, version);
    },
    /** What an earlier visit left; the caller shows it, then calls flush. */
    async load() {
      entries = await store.all();
      others = await store.others();
      report();
      return entries;
    },
    /** Tries again what the server stopped. */
    retry() {
      problem = null;
      failures = 0;
      return flush();
    },
    /** Lets go of all that waits here, which its person said. */
    async discard() {
      await writing?.catch(() => {});
      unwritten.clear();
      await store.write([], await store.all());
      entries = [];
      problem = null;
      channel?.postMessage({ kind: "discarded" });
      report();
    },
    /**
     * Ends a conflict. "mine" sends the entry again over what the server has; "theirs" drops it and all that was built on it.
     * @param {Entry} entry
     * @param {"mine"|"theirs"} choice
     */
    async settle(entry, choice) {
      const all = await store.all();
      if (choice === "theirs") {
        await store.write([], all.filter((e) => e.layer === entry.layer && e.id === entry.id));
        if (entry.held?.current?.version) versions.set(entry.id, entry.held.current.version);
        if (entry.held?.why === "deleted") versions.delete(entry.id);
      } else {
        const base = entry.held?.why === "stale" ? entry.held.current?.version ?? null : entry.held?.why === "deleted" ? null : entry.base;
        await store.write([{ ...entry, base, after: null, held: null, restore: entry.restore || entry.held?.why === "deleted" }], []);
      }
      entries = await store.all();
      channel?.postMessage({ kind: "settled" });
      return flush();
    },
  };
}

/**
 * The first entry that nothing holds back: not in conflict itself, nor about or tied to an object that is.
 * @param {Entry[]} entries
 */
function firstFree(entries) {
  const held = new Set(entries.filter((entry) => entry.held).map(({ layer, id }) => `${layer} ${id}`));
  const needs = (/** @type {Entry} */ { layer, id, body }) => [
    [layer, id], ["holders", body?.holder ?? body?.parent], ["spans", body?.from?.span], ["spans", body?.to?.span], ["relations", body?.to?.relation],
    ["spans", body?.span], ["comments", body?.reply_to],
  ];
  return entries.find((entry) => !needs(entry).some(([layer, id]) => held.has(`${layer} ${id}`)));
}

/**
 * Whether the server's object says all that the entry wants said: then the first try arrived and only its answer was lost.
 * @param {any} current
 * @param {Entry} entry
 */
const says = (current, entry) => Boolean(current && entry.body && entry.method === "PUT")
  && Object.keys(entry.body).every((name) => JSON.stringify(current[name]) === JSON.stringify(entry.body[name]));

/**
 * The sentences of an error answer, in the API's one shape.
 * @param {any} body
 */
export const messageIn = (body) =>
  (body?.errors ?? []).map((/** @type {any} */ e) => (e.attr ? `${e.attr}: ${e.detail}` : e.detail)).join(" ");

/**
 * A random id; crypto.randomUUID is missing where the page is served without TLS to another machine.
 */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
