import { describe, expect, it } from "vitest";

import { parts, readList } from "./list";

describe("a list to call", () => {
  it("may be bare numbers, written as people write them", () => {
    const { contacts, n_national } = readList("+1 202-555-0101\n0012025550102\n(010) 6552 1234\n\n", "86");
    expect(contacts.map((one) => one.numbers)).toEqual([["+12025550101"], ["+12025550102"], ["+861065521234"]]);
    expect(n_national).toBe(1);
  });

  it("may have a name beside the number, in either order", () => {
    const { contacts } = readList("Ms Lin, +12025550101\n+12025550102，王先生", "86");
    expect(contacts.map((one) => [one.name, one.numbers[0], one.variables])).toEqual([
      ["Ms Lin", "+12025550101", { name: "Ms Lin" }],
      ["王先生", "+12025550102", { name: "王先生" }],
    ]);
  });

  it("makes variables of the columns that are named otherwise", () => {
    const { contacts, variables } = readList(
      'name;phone;phone 2;id;day\n"Lin; Mei";+12025550101;+12025550102;a1;"the ""first"""',
      "86",
    );
    expect(variables).toEqual(["name", "day"]);
    expect(contacts).toEqual([
      {
        numbers: ["+12025550101", "+12025550102"],
        callers: [],
        reference: "a1",
        name: "Lin; Mei",
        variables: { name: "Lin; Mei", day: 'the "first"' },
      },
    ]);
  });

  it("says which lines have no number, by the numbers that an editor shows", () => {
    const { wrong, contacts } = readList("name,phone\nLin,+12025550101\n\nWu,none\n", "86");
    expect(contacts).toHaveLength(1);
    expect(wrong).toEqual([{ line: 4, text: "Wu, none" }]);
  });

  it("takes each number, or each reference, once", () => {
    expect(readList("+12025550101\n+1 202 555 0101", "86")).toMatchObject({ n_repeated: 1 });
    const named = readList("phone,id\n+12025550101,a\n+12025550101,b\n+12025550102,a", "86");
    expect([named.contacts.length, named.n_repeated]).toEqual([2, 1]);
  });

  it("of nothing is nothing", () => {
    expect(readList("", "86")).toMatchObject({ contacts: [], wrong: [] });
    expect(readList("hello", "86")).toMatchObject({ contacts: [], wrong: [] });
  });

  it("goes to the server a thousand at a time", () => {
    const many = Array.from({ length: 2_001 }, (_, n) => `+1202555${String(n).padStart(4, "0")}`).join("\n");
    expect(parts(readList(many, "86").contacts).map((part) => part.length)).toEqual([1000, 1000, 1]);
  });
});
