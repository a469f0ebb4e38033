import { describe, expect, it } from "vitest";

import { ANSWERED, answered, changed, inReadingOrder, isOver, isThinking, stepOf, variableNames, withStep } from "./talk";

describe("a trial by text", () => {
  it("presses digits, says words, and is silent without either", () => {
    expect(stepOf(" 12# ")).toEqual({ act: "presses", words: "12#" });
    expect(stepOf("yes, 2 of us")).toEqual({ act: "says", words: "yes, 2 of us" });
    expect(stepOf("  ")).toEqual({ act: "is_silent", words: "" });
  });

  it("forgets what came after a turn that is changed", () => {
    const steps = withStep(withStep(withStep([ANSWERED], "yes"), "no"), "1");
    expect(changed(steps, 2, "perhaps").map((step) => step.words)).toEqual(["", "yes", "perhaps"]);
  });

  it("is over when the agent hangs up or hands over", () => {
    const answer = (act: string) => [{ says: "", interruptible: true, act, took_us: 1, thoughts: [] }];
    expect(["speak", "collect 4", "hang_up", "transfer desk"].map((act) => isOver(answer(act)))).toEqual([
      false, false, true, true,
    ]);
  });

  it("asks only for what was not answered, and anew from a turn that is changed", () => {
    const steps = withStep([ANSWERED], "yes");
    const known = answered(steps, [{ says: "Hello.", interruptible: true, act: "speak", took_us: 1, state: "s", thoughts: [] }]);
    expect(known.map((step) => step.answered?.says)).toEqual(["Hello.", undefined]);
    expect(changed(known, 1, "no").map((step) => step.answered?.state)).toEqual(["s", undefined]);
  });

  it("knows who thinks elsewhere", () => {
    expect(['{"thinker":{}}', '{"flow":{}}', '{"greeting":""}', "{"].map(isThinking)).toEqual([true, true, false, false]);
  });

  it("finds each variable once", () => {
    expect(variableNames("${name} and ${day} and ${name} and ${")).toEqual(["name", "day"]);
  });
});

describe("a definition", () => {
  it("is shown in reading order and means the same", () => {
    const stored = { goodbye: "Bye", greeting: "Hi", language: "en", replies: [{ then: "stay", words: ["a"] }] };
    const shown = inReadingOrder(stored);
    expect(JSON.stringify(shown)).toBe(
      '{"language":"en","greeting":"Hi","replies":[{"words":["a"],"then":"stay"}],"goodbye":"Bye"}',
    );
    expect(shown).toEqual(stored);
  });
});
