import { describe, expect, it } from "vitest";
import { guessHolder } from "../label/holders.js";

const holder = (slug, name, parent = null) => ({ slug, name, parent });
const holders = [holder("author", "The author"), holder("mayor", "Mayor Ilse Varnum"), holder("hask", "Councillor Teodor Hask"), holder("lund", "Councillor Bree Lund"), holder("chief-by-mayor", "Chief Quill, as told by the mayor", "mayor"), holder("qb", "@quaybaker")];
const guess = (marked) => {
  const start = marked.indexOf("[");
  return guessHolder(marked.replace(/[[\]]/g, ""), start, marked.indexOf("]") - 1, holders);
};

describe("the suggested holder", () => {
  it.each([
    ["Mayor Ilse Varnum spoke first. “[We keep our word,]” she said.", "mayor"],
    ["Varnum left early. “[Repeal it,]” said Hask, and sat down.", "hask"],
    ["According to Varnum, [the rule works]. Hask left.", "mayor"],
    ["Hask said that [the doubling proved nothing].", "hask"],
    ["THE CLERK: Next.\n\nBREE LUND: [Keep it.] Mayor Varnum said so.\n", "lund"],
    ["LUND: I rise.\n\nI have two points.\n\n[Neither is about the mayor.]", "lund"],
    ["@quaybaker 🍞: [Keep it]. They told us.", "qb"],
    ["Mayor Varnum said so.\n\nTeodor Hask disagreed. “[We cannot choose,]” Hask said.", "hask"],
    ["Mayor Varnum said, “[We keep it.]” Hask said, “No.”", "mayor"],
    ["Mayor Varnum said, “We keep it.” Hask said, “[No.]”", "hask"],
    ["Varnum spoke. She said that [it works].", "mayor"],
    ["The chief spoke. Varnum answered. “[Never,]” the mayor told him.", "mayor"],
  ])("of %s is %s", (marked, expected) => expect(guess(marked)).toBe(expected));

  it("is the author where nobody is quoted and nobody speaks", () => expect(guess("The mayor signed it. [It should stay.] Hask knows.")).toBe("author"));
  it("is nobody where a stranger speaks, or nothing is near", () => {
    expect(guess("CALLER: [I am glad.]")).toBeNull();
    expect(guess(`Mayor Varnum said, "Open it."\n\nSheriff Bo Marten disagreed. "[We cannot choose which laws to keep,]" the sheriff said.`)).toBeNull();
    expect(guess("Mayor Varnum said so. The sheriff said that [it protects nobody].")).toBeNull();
    expect(guess("Mayor Varnum said so.\n\nThe sheriff left. He argued that [it protects nobody].")).toBeNull();
    expect(guess(`“[Long ago,]” somebody said.`)).toBeNull();
  });
  it("does not go by a title that several bear, nor by a holder that is reported", () => expect(guess("The councillor and Chief Quill met. “[No,]” the councillor said.")).toBeNull());
});
