/** Where the outbox keeps its entries: in the browser's database, or in memory where the browser has none. */

/** @import {Entry, Store} from "./outbox.js" */

/**
 * Entries in IndexedDB.
 * @param {IDBFactory} factory
 * @param {{person: string, set: number}} key
 * @returns {Promise<Store>}
 */
export async function indexedStore(factory, { person, set }) {
  const request = factory.open("annotator-outbox", 1);
  request.onupgradeneeded = () => {
    const entries = request.result.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
    entries.createIndex("place", ["person", "set"]);
    entries.createIndex("set", "set");
  };
  const database = await answered(request);
  const within = (/** @type {IDBTransactionMode} */ mode) => {
    const transaction = database.transaction("entries", mode, { durability: "strict" });
    return { transaction, entries: transaction.objectStore("entries") };
  };
  return {
    async add(added) {
      const { transaction, entries } = within("readwrite");
      const requests = added.map((entry) => entries.add(entry));
      await completed(transaction);
      return added.map((entry, k) => ({ ...entry, seq: /** @type {number} */ (requests[k].result) }));
    },
    all: () => answered(within("readonly").entries.index("place").getAll([person, set])),
    async write(changed, gone) {
      const { transaction, entries } = within("readwrite");
      for (const entry of changed) entries.put(entry);
      for (const entry of gone) entries.delete(/** @type {number} */ (entry.seq));
      await completed(transaction);
    },
    others: async () => (await answered(within("readonly").entries.index("set").count(set)))
      - (await answered(within("readonly").entries.index("place").count([person, set]))),
  };
}

/**
 * Entries in memory, where the browser keeps no database (some private windows): safe until the tab is closed.
 * @returns {Store}
 */
export function memoryStore() {
  /** @type {Map<number, Entry>} */
  const entries = new Map();
  let last = 0;
  return {
    async add(added) {
      const written = added.map((entry) => ({ ...entry, seq: ++last }));
      for (const entry of written) entries.set(entry.seq, entry);
      return written;
    },
    all: async () => [...entries.values()].sort((a, b) => Number(a.seq) - Number(b.seq)),
    async write(changed, gone) {
      for (const entry of changed) entries.set(Number(entry.seq), entry);
      for (const entry of gone) entries.delete(Number(entry.seq));
    },
    others: async () => 0,
  };
}

/**
 * A store that is still being opened: what is asked of it waits.
 * @param {Promise<Store>} opening
 * @returns {Store}
 */
export function lateStore(opening) {
  return {
    add: async (entries) => (await opening).add(entries),
    all: async () => (await opening).all(),
    write: async (changed, gone) => (await opening).write(changed, gone),
    others: async () => (await opening).others(),
  };
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
const completed = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});
