// A list of people to call, out of pasted lines or a CSV file. Pure.
//
// The first line may name the columns; a column that is neither a number, a name nor a reference is
// a variable of the agent's texts. Without names, the cells that look like numbers are numbers and
// the first other one is the name.

import type { Schema } from "../api/client";

/** Somebody to call. */
export type Contact = Schema<"ContactBody">;

/** People whom the server takes with a new campaign. */
export const AT_FIRST = 10_000;

/** People whom it takes at once later. */
export const AT_ONCE = 1_000;

/** Numbers that one person may have. */
const NUMBERS_MAX = 5;

/** What came of a list. */
export interface Listed {
  contacts: Contact[];
  /** Names of the columns that became variables. */
  variables: string[];
  /** Lines without a number that can be dialled, by their number from 1, with their text. */
  wrong: { line: number; text: string }[];
  /** Lines whose number or reference an earlier line had already. */
  n_repeated: number;
  /** Numbers that were written without a country, and got the instance's. */
  n_national: number;
}

const NUMBER_HEADS = /^(number|phone|telephone|mobile|callee|tel|电话|手机|号码|被叫).*$/i;
const NAME_HEADS = /^(contact|full ?name|姓名|名字)$/i;
const REFERENCE_HEADS = /^(reference|ref|id|编号|客户编号)$/i;

/** Reads a list. `countryCode` is that of numbers that are written without one. */
export function readList(text: string, countryCode: string): Listed {
  const rows = cells(text);
  const found: Listed = { contacts: [], variables: [], wrong: [], n_repeated: 0, n_national: 0 };
  const first = rows[0];
  if (!first) return found;
  const heads = first.cells.some((cell) => dialable(cell, countryCode)) ? undefined : first.cells;
  const seen = new Set<string>();
  found.variables = heads ? heads.filter((head) => head && isVariable(head)) : [];
  for (const row of heads ? rows.slice(1) : rows) {
    const contact = heads ? named(heads, row.cells, countryCode) : unnamed(row.cells, countryCode);
    if (!contact) {
      found.wrong.push({ line: row.line, text: row.text });
      continue;
    }
    const key = contact.reference || contact.numbers[0] || "";
    if (seen.has(key)) {
      found.n_repeated += 1;
      continue;
    }
    seen.add(key);
    if (row.cells.some((cell) => dialable(cell, countryCode)?.national)) found.n_national += 1;
    found.contacts.push(contact);
  }
  return found;
}

/** A column that no field of a contact takes. The name is a variable too, for the agent's texts. */
function isVariable(head: string): boolean {
  return !NUMBER_HEADS.test(head) && !REFERENCE_HEADS.test(head) && !NAME_HEADS.test(head);
}

function named(heads: string[], row: string[], countryCode: string): Contact | undefined {
  const contact: Contact = { numbers: [], callers: [], name: null, reference: null, variables: {} };
  heads.forEach((head, idx) => {
    const value = row[idx]?.trim() ?? "";
    if (!value) return;
    if (NUMBER_HEADS.test(head)) {
      const number = dialable(value, countryCode);
      if (number && contact.numbers.length < NUMBERS_MAX) contact.numbers.push(number.number);
    } else if (REFERENCE_HEADS.test(head)) contact.reference = value.slice(0, 128);
    else if (NAME_HEADS.test(head)) contact.name = value.slice(0, 128);
    else if (head) {
      contact.variables = { ...contact.variables, [head.slice(0, 64)]: value };
      if (/^name$/i.test(head)) contact.name = value.slice(0, 128);
    }
  });
  return contact.numbers.length > 0 ? contact : undefined;
}

function unnamed(row: string[], countryCode: string): Contact | undefined {
  const numbers: string[] = [];
  let name = "";
  for (const cell of row) {
    const number = dialable(cell, countryCode);
    if (number && numbers.length < NUMBERS_MAX) numbers.push(number.number);
    else name ||= cell.trim();
  }
  if (numbers.length === 0) return undefined;
  return {
    numbers,
    callers: [],
    name: name ? name.slice(0, 128) : null,
    reference: null,
    variables: name ? { name } : ({} as Contact["variables"]),
  };
}

/** A number as the server takes it; undefined for what is none. */
function dialable(cell: string, countryCode: string): { number: string; national: boolean } | undefined {
  const bare = cell.trim().replace(/[\s().-]/g, "");
  if (/^(\+|00)[0-9]{3,15}$/.test(bare)) return { number: bare.replace(/^00/, "+"), national: false };
  if (!/^[0-9]{7,12}$/.test(bare)) return undefined;
  return { number: `+${countryCode}${bare.replace(/^0/, "")}`, national: true };
}

interface Line {
  line: number;
  text: string;
  cells: string[];
}

/** The cells of CSV (RFC 4180), with commas, semicolons or tabs; empty lines are left out. */
function cells(text: string): Line[] {
  const rows: Line[] = [];
  let [row, cell, quoted, line, start] = [[] as string[], "", false, 1, 1];
  const separator = /\t/.test(text) ? "\t" : /;/.test(text.split("\n", 1)[0] ?? "") ? ";" : ",";
  const endRow = () => {
    row.push(cell.trim());
    if (row.some(Boolean)) rows.push({ line: start, text: row.join(`${separator} `).slice(0, 80), cells: row });
    [row, cell] = [[], ""];
  };
  for (let idx = 0; idx < text.length; idx += 1) {
    const sign = text[idx] as string;
    if (quoted) {
      if (sign === '"' && text[idx + 1] === '"') [cell, idx] = [`${cell}"`, idx + 1];
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell.trim() === "") [cell, quoted] = ["", true];
    else if (sign === separator || (separator === "," && sign === "，")) {
      row.push(cell.trim());
      cell = "";
    } else if (sign === "\n") {
      endRow();
      start = line + 1;
    } else if (sign !== "\r") cell += sign;
    if (sign === "\n") line += 1;
  }
  endRow();
  return rows;
}

/** The list in parts that the server takes at once. */
export function parts(contacts: readonly Contact[]): Contact[][] {
  const found: Contact[][] = [];
  for (let from = 0; from < contacts.length; from += AT_ONCE) found.push(contacts.slice(from, from + AT_ONCE));
  return found;
}
