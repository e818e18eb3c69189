import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { openOutbox } from "../label/outbox.js";
import { indexedStore, memoryStore } from "../label/store.js";

const key = { person: "noor", set: 7 };
const put = (id, body = { note: id }) => ({ layer: "spans", id, method: "PUT", body });
const away = () => { throw new TypeError("no answer"); };
const until = async (holds) => { for (let k = 0; k < 400 && !holds(); k++) await new Promise((go) => setTimeout(go, 2)); expect(holds()).toBe(true); };

/** A server with the promises of the API: idempotent, versioned, with tombstones. */
function server() {
  const objects = new Map();
  const log = [];
  return {
    objects, log,
    async send({ layer, id, method, body, base, restore }) {
      log.push(`${method} ${id}`);
      const stored = objects.get(id);
      const alive = stored && !stored.deleted;
      if (layer === "holders" || layer === "document-labels") return { status: 200, body };
      if (method === "DELETE") {
        if (!alive) return stored ? { status: 200, body: { deleted: { spans: [id], relations: [] } } } : { status: 404, body: null };
        if (base !== null && base !== stored.version) return { status: 412, body: { current: stored } };
        objects.set(id, { ...stored, deleted: true });
        return { status: 200, body: { deleted: { spans: [id], relations: [] } } };
      }
      if (alive && Object.keys(body).every((name) => stored[name] === body[name])) return { status: 200, body: stored };
      if (stored?.deleted && !restore) return { status: 410, body: { errors: [{ code: "deleted", detail: "This was deleted.", attr: null }] } };
      if (alive ? base !== stored.version : base !== null) return { status: 412, body: { current: alive ? stored : {} } };
      const next = { ...body, id, version: (stored?.version ?? 0) + 1 };
      objects.set(id, next);
      return { status: alive ? 200 : 201, body: next };
    },
  };
}

describe.each([["IndexedDB", (factory) => indexedStore(factory, key)], ["memory", async (_factory, shared) => shared]])("the outbox in %s", (_name, storeOf) => {
  let there;
  let factory;
  let shared;
  let seen;
  beforeEach(() => {
    there = server();
    factory = new IDBFactory();
    shared = memoryStore();
    seen = [];
  });
  const open = async (send = there.send, versions = new Map(), options = {}) => openOutbox({
    key, versions, send, store: await storeOf(factory, shared), notify: (status) => seen.push(status), patience: [5], ...options,
  });

  it("sends in order, one after the other's answer, and says so", async () => {
    let under = 0;
    const outbox = await open(async (entry) => {
      expect(++under).toBe(1);
      await new Promise((go) => setTimeout(go, 1));
      under -= 1;
      return there.send(entry);
    });
    await Promise.all([..."abcdef"].map((id) => outbox.add(put(id))));
    expect(there.log).toEqual([..."abcdef"].map((id) => `PUT ${id}`));
    expect([seen[0].state, outbox.status().state]).toEqual(["saving", "saved"]);
  });

  it("gives each change the version that the answer before it brought", async () => {
    const outbox = await open();
    await Promise.all([outbox.add(put("a", { note: "1" })), outbox.add(put("a", { note: "2" })), outbox.add(put("a", { note: "3" }))]);
    await outbox.flush();
    expect(there.objects.get("a")).toMatchObject({ note: "3", version: 3 });
    expect(outbox.status()).toMatchObject({ state: "saved", held: [] });
  });

  it("keeps fifty changes while the server is away and the tab is reloaded, and stores each once, in order", async () => {
    const before = await open(away);
    for (let k = 0; k < 50; k++) await before.add(put(`s${k}`));
    expect(before.status()).toMatchObject({ state: "offline", waiting: 50 });

    const after = await open();
    expect((await after.load()).map((entry) => entry.id)).toEqual(Array.from({ length: 50 }, (_, k) => `s${k}`));
    await after.flush();
    expect(there.log).toEqual(Array.from({ length: 50 }, (_, k) => `PUT s${k}`));
    expect([...there.objects.values()].every((object) => object.version === 1)).toBe(true);
    expect(await after.load()).toEqual([]);
  });

  it("stores what is added while it writes in one transaction, in order, so that little is lost when a tab dies under load", async () => {
    const batches = [];
    const store = await storeOf(factory, shared);
    const slow = { ...store, add: async (entries) => {
      batches.push(entries.map(({ id }) => id).join(""));
      await new Promise((go) => setTimeout(go, 5));
      return store.add(entries);
    } };
    const outbox = openOutbox({ key, versions: new Map(), send: away, store: slow, notify: () => {}, patience: [1e6] });
    const added = [outbox.add(put("a"))];
    await until(() => batches.length === 1);
    for (const id of "bcdefg") added.push(outbox.add(put(id)));
    await Promise.all(added);
    expect(batches).toEqual(["a", "bcdefg"]);
    expect((await store.all()).map(({ id }) => id).join("")).toBe("abcdefg");
  });

  it("stores with the next change what could not be stored before", async () => {
    const store = await storeOf(factory, shared);
    let full = true;
    const outbox = openOutbox({ key, versions: new Map(), send: there.send, notify: () => {}, patience: [5],
      store: { ...store, add: (entries) => (full ? Promise.reject(new Error("no room")) : store.add(entries)) } });
    await expect(outbox.add(put("a"))).rejects.toThrow("no room");
    expect(outbox.status()).toMatchObject({ state: "saving", waiting: 1 });
    full = false;
    await outbox.add(put("b"));
    expect(there.log).toEqual(["PUT a", "PUT b"]);
    expect(outbox.status().state).toBe("saved");
  });

  it("lets go of everything when it is told to", async () => {
    const outbox = await open(async () => ({ status: 409, body: { errors: [{ code: "set_submitted", detail: "Submitted.", attr: null }] } }));
    await outbox.add(put("a"));
    await outbox.add(put("b"));
    expect(outbox.status()).toMatchObject({ state: "stopped", waiting: 2, problem: { status: 409, code: "set_submitted", message: "Submitted." } });
    await outbox.discard();
    expect(outbox.status()).toMatchObject({ state: "saved", waiting: 0, problem: null });
    expect(await (await open()).load()).toEqual([]);
  });

  it("tries again by itself when the server comes back", async () => {
    let up = false;
    const outbox = await open((entry) => (up ? there.send(entry) : away()));
    await outbox.add(put("a"));
    expect(outbox.status().state).toBe("offline");
    up = true;
    await until(() => outbox.status().state === "saved");
    expect(there.objects.has("a")).toBe(true);
  });

  it("is not troubled when a change arrived but its answer was lost", async () => {
    let lose = true;
    const outbox = await open(async (entry) => {
      const answer = await there.send(entry);
      if (lose) { lose = false; throw new TypeError("cut"); }
      return answer;
    });
    outbox.add(put("a", { note: "1" }));
    outbox.add(put("a", { note: "2" }));
    await until(() => outbox.status().state === "saved");
    expect(there.objects.get("a")).toMatchObject({ note: "2", version: 2 });
  });

  it("deletes, and brings back what was deleted, through a reload in between", async () => {
    const outbox = await open(away);
    await outbox.add(put("a"));
    await outbox.add({ layer: "spans", id: "a", method: "DELETE", body: null });
    await outbox.add({ ...put("a"), restore: true });
    const after = await open();
    await after.load();
    await after.flush();
    expect(there.objects.get("a")).toMatchObject({ note: "a", version: 2 });
    expect(there.objects.get("a").deleted).toBe(undefined);
    expect(after.status().state).toBe("saved");
  });

  it("shows a stale change, holds what hangs on it, and lets the rest go on", async () => {
    there.objects.set("a", { id: "a", note: "theirs", version: 4 });
    const outbox = await open(there.send, new Map([["a", 3]]));
    await outbox.add(put("a", { note: "mine" }));
    await outbox.add({ layer: "relations", id: "r", method: "PUT", body: { from: { span: "a" }, to: { span: "b" } } });
    await outbox.add(put("b"));
    const { state, held, waiting } = outbox.status();
    expect([state, held.map((e) => [e.id, e.held.why, e.held.current.note]), waiting]).toEqual(["conflict", [["a", "stale", "theirs"]], 1]);
    expect(there.log).toEqual(["PUT a", "PUT b"]);
  });

  it("writes mine over theirs only when asked to", async () => {
    there.objects.set("a", { id: "a", note: "theirs", version: 4 });
    const outbox = await open(there.send, new Map([["a", 3]]));
    await outbox.add(put("a", { note: "mine" }));
    await outbox.add(put("a", { note: "mine again" }));
    await outbox.settle(outbox.status().held[0], "mine");
    expect(there.objects.get("a")).toMatchObject({ note: "mine again", version: 6 });
    expect(outbox.status().state).toBe("saved");
  });

  it("drops mine and what was built on it when theirs is taken, and goes on from theirs", async () => {
    there.objects.set("a", { id: "a", note: "theirs", version: 4 });
    const outbox = await open(there.send, new Map([["a", 3]]));
    await outbox.add(put("a", { note: "mine" }));
    await outbox.add(put("a", { note: "mine again" }));
    await outbox.settle(outbox.status().held[0], "theirs");
    expect(outbox.status()).toMatchObject({ state: "saved", waiting: 0 });
    await outbox.add(put("a", { note: "after" }));
    expect(there.objects.get("a")).toMatchObject({ note: "after", version: 5 });
  });

  it("asks what to do with a change to what was deleted elsewhere", async () => {
    there.objects.set("a", { id: "a", note: "old", version: 1, deleted: true });
    const outbox = await open(there.send, new Map([["a", 1]]));
    await outbox.add(put("a", { note: "mine" }));
    expect(outbox.status().held[0].held.why).toBe("deleted");
    await outbox.settle(outbox.status().held[0], "mine");
    expect(there.objects.get("a")).toMatchObject({ note: "mine", version: 2 });
  });

  it("keeps a conflict through a reload", async () => {
    there.objects.set("a", { id: "a", note: "theirs", version: 4 });
    await (await open(there.send, new Map([["a", 3]]))).add(put("a", { note: "mine" }));
    const after = await open();
    await after.load();
    await after.flush();
    expect(after.status()).toMatchObject({ state: "conflict" });
    expect(there.log).toEqual(["PUT a"]);
  });

  it("says what the server refused, in the server's words", async () => {
    const outbox = await open(async () => ({ status: 400, body: { errors: [{ code: "unknown_holder", detail: "There is no holder 'x'.", attr: "holder" }] } }));
    await outbox.add(put("a"));
    expect(outbox.status().held[0].held).toMatchObject({ why: "refused", message: "holder: There is no holder 'x'." });
  });

  it("stops when it is signed out, keeps everything, and goes on when told to", async () => {
    let signedIn = false;
    const outbox = await open(async (entry) => (signedIn ? there.send(entry) : { status: 401, body: null }));
    await outbox.add(put("a"));
    await outbox.add(put("b"));
    expect(outbox.status()).toMatchObject({ state: "stopped", waiting: 2, problem: { status: 401 } });
    signedIn = true;
    await outbox.retry();
    expect([...there.objects.keys()]).toEqual(["a", "b"]);
  });
});

describe("one browser", () => {
  it("keeps the changes of two people apart, and says that another's wait", async () => {
    const factory = new IDBFactory();
    const there = server();
    const of = async (person, send) => openOutbox({ key: { person, set: 7 }, versions: new Map(), send, store: await indexedStore(factory, { person, set: 7 }), notify: () => {}, patience: [1e6] });
    const noor = await of("noor", away);
    await noor.add(put("a"));
    const theo = await of("theo", there.send);
    expect(await theo.load()).toEqual([]);
    expect(theo.status().others).toBe(1);
    await theo.flush();
    expect(there.log).toEqual([]);
  });

  it("lets a second tab join what the first one changed, and build on it", async () => {
    const factory = new IDBFactory();
    const there = server();
    const ends = [{ onmessage: null }, { onmessage: null }];
    ends.forEach((end, k) => { end.postMessage = (data) => setTimeout(() => ends[1 - k].onmessage?.({ data: structuredClone(data) })); });
    const joined = [];
    const tab = async (k) => openOutbox({ key, versions: new Map(), send: there.send, store: await indexedStore(factory, key), notify: () => {}, channel: ends[k], joined: (entry) => joined.push([k, entry.id]) });
    const [one, two] = [await tab(0), await tab(1)];
    await one.add(put("a", { note: "one" }));
    await until(() => joined.length === 1 && two.status().state === "saved");
    await new Promise((go) => setTimeout(go, 20));
    await two.add(put("a", { note: "two" }));
    expect(there.objects.get("a")).toMatchObject({ note: "two", version: 2 });
    expect(two.status().held).toEqual([]);
  });
});
