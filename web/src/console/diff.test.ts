import { describe, expect, it } from "vitest";

import { diff, folded } from "./diff";

const SIGNS = { same: " ", gone: "-", new: "+" };

/** The comparison as a patch has it. */
function shown(before: string, after: string): string[] {
  return diff(before, after).map(({ kind, text }) => SIGNS[kind] + text);
}

describe("a comparison", () => {
  it("of a text with itself holds no change", () => {
    expect(shown("a\nb\n", "a\nb\n")).toEqual([" a", " b"]);
  });

  it("tells what went and what came, in its place", () => {
    expect(shown("greeting: Hello\nvoice: a\ngoodbye: Bye\n", "greeting: Good day\nvoice: a\nspeed: 2\ngoodbye: Bye\n")).toEqual([
      "-greeting: Hello",
      "+greeting: Good day",
      " voice: a",
      "+speed: 2",
      " goodbye: Bye",
    ]);
  });

  it("keeps as many lines as it can", () => {
    expect(shown("a\nb\nc\nd", "b\nx\nd")).toEqual(["-a", " b", "-c", "+x", " d"]);
  });

  it("can be undone: without the new lines it is the first text, without those gone the second one", () => {
    const before = "one\ntwo\nthree\nfour\nfive";
    const after = "zero\ntwo\nfour\nthree\nfive\nsix";
    const found = diff(before, after);
    const without = (kind: string) => found.filter((line) => line.kind !== kind).map(({ text }) => text).join("\n");
    expect(without("new")).toBe(before);
    expect(without("gone")).toBe(after);
  });

  it("leaves out what is far from every change", () => {
    const before = Array.from({ length: 20 }, (_, n) => `line ${n}`);
    const after = before.map((text, n) => (n === 10 ? "other" : text));
    const found = folded(diff(before.join("\n"), after.join("\n")));
    const told = found.map((line) => (line.kind === "skipped" ? line.n : SIGNS[line.kind] + line.text));
    expect(told).toEqual([
      7,
      " line 7",
      " line 8",
      " line 9",
      "-line 10",
      "+other",
      " line 11",
      " line 12",
      " line 13",
      6,
    ]);
  });
});
