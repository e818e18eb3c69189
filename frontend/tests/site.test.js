// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { offerCopies } from "../site/copying.js";
import { showHues } from "../site/hues.js";
import { followJobs } from "../site/jobs.js";
import { letKeysScroll } from "../site/scrolling.js";

beforeEach(() => { document.body.innerHTML = ""; });

describe("a job's progress", () => {
  const bar = '<div data-job="/api/v1/projects/p/jobs/1/"><progress max="1" value="0"></progress><span data-words>waiting</span></div>';

  function following(answers) {
    document.body.innerHTML = bar;
    const seen = [];
    const asked = [];
    const waits = [];
    const reload = vi.fn();
    const fetch = async (address) => {
      asked.push(address);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer === "down") throw new TypeError("network");
      return typeof answer === "number" ? { ok: false, status: answer } : { ok: true, status: 200, json: async () => answer };
    };
    const wait = async (ms) => {
      waits.push(ms);
      seen.push([document.querySelector("progress").value, document.querySelector("[data-words]").textContent]);
    };
    const over = Promise.all(followJobs(document, { fetch, reload, wait }));
    return { over, seen, asked, waits, reload };
  }

  it("is shown until the job has ended, and then the page anew", async () => {
    const { over, seen, asked, reload } = following([
      { state: "queued", progress: 0 }, { state: "running", progress: 0.256 }, { state: "done", progress: 1 },
    ]);
    await over;
    expect(seen).toEqual([[0, "waiting"], [0, "waiting for its turn"], [0.256, "running, 26 %"]]);
    expect(new Set(asked)).toEqual(new Set(["/api/v1/projects/p/jobs/1/"]));
    expect(reload).toHaveBeenCalledOnce();
  });

  it.each(["failed", "cancelled"])("ends with a job that is %s too", async (state) => {
    const { over, reload } = following([{ state, progress: 0.5 }]);
    await over;
    expect(reload).toHaveBeenCalledOnce();
  });

  it("outlives a server that is away for a moment", async () => {
    const { over, asked, reload } = following(["down", 502, { state: "done", progress: 1 }]);
    await over;
    expect(asked).toHaveLength(3);
    expect(reload).toHaveBeenCalledOnce();
  });

  it("stops where the job is not for this person, without showing the page anew", async () => {
    const { over, asked, reload } = following([404]);
    await over;
    expect(asked).toHaveLength(1);
    expect(reload).not.toHaveBeenCalled();
  });

  it("asks less and less often, but not rarer than every three seconds", async () => {
    const running = Array(20).fill({ state: "running", progress: 0.1 });
    const { over, waits } = following([...running, { state: "done", progress: 1 }]);
    await over;
    expect(waits[0]).toBeLessThan(1000);
    expect(waits.every((ms, at) => at === 0 || ms >= waits[at - 1])).toBe(true);
    expect(Math.max(...waits)).toBe(3000);
  });
});

describe("a label's colour", () => {
  it("is set as a property where it is a colour, and nowhere else", () => {
    document.body.innerHTML = '<i data-hue="#12abEF"></i><i data-hue="red;x:url(//y)"></i><i data-hue=""></i>';
    showHues(document);
    const set = [...document.querySelectorAll("i")].map((each) => each.style.getPropertyValue("--hue"));
    expect(set).toEqual(["#12abEF", "", ""]);
  });
});

describe("what is shown once", () => {
  it("gets a button that copies exactly it", async () => {
    document.body.innerHTML = "<p><code data-copy>k3y &amp; more</code></p>";
    const writeText = vi.fn(async () => {});
    offerCopies(document, { writeText });
    document.querySelector("button").click();
    await vi.waitFor(() => expect(document.querySelector("button").textContent).toBe("Copied"));
    expect(writeText).toHaveBeenCalledWith("k3y & more");
  });

  it("stays as it is where nothing can be copied", () => {
    document.body.innerHTML = "<code data-copy>x</code>";
    offerCopies(document, undefined);
    expect(document.querySelector("button")).toBeNull();
  });
});

describe("what is wider than its place", () => {
  /** Shows boxes of these widths in places of 100, and tells of a change of size. */
  function laidOut(markup, width) {
    document.body.innerHTML = markup;
    let tell = () => {};
    vi.stubGlobal("ResizeObserver", class {
      targets = [];
      constructor(told) { tell = () => told(this.targets.map((target) => ({ target }))); }
      observe(target) { this.targets.push(target); }
    });
    letKeysScroll(document);
    for (const box of document.querySelectorAll(".scroll, table")) {
      Object.defineProperty(box, "scrollWidth", { get: () => width.now });
      Object.defineProperty(box, "clientWidth", { get: () => 100 });
    }
    tell();
    return tell;
  }

  it("is a named stop of the Tab key only as long as it is", () => {
    const width = { now: 300 };
    const tell = laidOut('<section><h2>People</h2><div class="scroll"><table></table></div></section>', width);
    const box = document.querySelector(".scroll");
    expect([box.tabIndex, box.getAttribute("role"), box.getAttribute("aria-label")]).toEqual([0, "group", "People"]);
    width.now = 100;
    tell();
    expect(box.hasAttribute("tabindex")).toBe(false);
  });

  it("stays a table where it is one", () => {
    laidOut('<article class="prose"><table></table></article>', { now: 300 });
    expect(document.querySelector("table").tabIndex).toBe(0);
    expect(document.querySelector("table").hasAttribute("role")).toBe(false);
  });

  it("is left as the page has it where the page names it", () => {
    laidOut('<div class="scroll" tabindex="0" role="region" aria-label="Own"></div>', { now: 300 });
    expect(document.querySelector(".scroll").getAttribute("aria-label")).toBe("Own");
  });
});
