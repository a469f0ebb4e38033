import { describe, expect, it } from "vitest";

import { lineOf, read, write } from "./definition";

const CLINIC = `language: en
greeting: Hello \${name}.
start: menu
steps:
  menu:
    say: One or two?
    answers:
      - keys: ["1"]
        then: hang_up
`;

describe("a definition", () => {
  it("is the same written and read again, in YAML or JSON", () => {
    const value = { language: "en", greeting: "No: \"never\" #1", steps: { "1": { keys: ["1", "0"], yes: true } } };
    expect(read(write(value))).toEqual({ value });
    expect(read(JSON.stringify(value))).toEqual({ value });
  });

  it("tells the line that is no YAML", () => {
    const fault = read("language: en\ngreeting: \"Hello\nstart: x\n");
    expect(fault).toMatchObject({ fault: { line: expect.any(Number) as number } });
    expect(read("a: 1\na: 2")).toMatchObject({ fault: { line: 2 } });
    expect(read("just words")).toMatchObject({ fault: { line: 1 } });
    expect(read("")).toMatchObject({ fault: { line: 1 } });
  });

  it("tells the line of what the server names", () => {
    expect(lineOf(CLINIC, "steps.menu.answers[0].then")).toBe(9);
    expect(lineOf(CLINIC, "steps.menu")).toBe(5);
    expect(lineOf(CLINIC, "greeting")).toBe(2);
  });

  it("tells the line of the nearest parent of what is missing", () => {
    expect(lineOf(CLINIC, "steps.menu.answers[0].say")).toBe(8);
    expect(lineOf(CLINIC, "goodbye")).toBeUndefined();
  });

  it("does not unfold a bomb of aliases", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [name, last] of ["ba", "cb", "dc", "ed", "fe"].map((pair) => pair.split(""))) {
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${last}`).join(", ")}]`);
    }
    expect(read(bomb.join("\n"))).toMatchObject({ fault: { line: undefined } });
  });
});
