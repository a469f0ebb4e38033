// The definition of a voice agent as people write it: YAML, of which JSON is a part. Pure.

import { isScalar, parseDocument, stringify, type Node } from "yaml";

/** What is wrong with a definition, and where. */
export interface Fault {
  /** From 1; undefined if it concerns the whole. */
  line: number | undefined;
  why: string;
}

/** Longest line before a text is folded; telephone texts are short. */
const LINE_MAX = 100;

/** Reads a definition; a fault names the line. */
export function read(text: string): { value: unknown } | { fault: Fault } {
  const found = parseDocument(text, { prettyErrors: false, strict: true, uniqueKeys: true });
  const error = found.errors[0];
  if (error) return { fault: { line: lineAt(text, error.pos[0]), why: error.message } };
  let value: unknown;
  try {
    value = found.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { fault: { line: undefined, why: (error as Error).message } };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { fault: { line: 1, why: "must be fields with values" } };
  }
  return { value };
}

/** Writes a definition. */
export function write(value: unknown): string {
  return stringify(value, { lineWidth: LINE_MAX });
}

/** The line of what the server names: `steps.menu.answers[0].then`; of its nearest parent if it is not there. */
export function lineOf(text: string, path: string): number | undefined {
  const found = parseDocument(text, { prettyErrors: false });
  if (found.errors.length > 0) return undefined;
  const keys = [...path.matchAll(/[^.[\]]+/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key));
  for (let n = keys.length; n > 0; n -= 1) {
    const parent = found.getIn(keys.slice(0, n - 1), true) as { items?: unknown[] } | undefined;
    const pair = parent?.items?.find((item) => isNamed(item, keys[n - 1]));
    const node = (pair as { key?: Node } | undefined)?.key ?? (found.getIn(keys.slice(0, n), true) as Node | undefined);
    if (node?.range) return lineAt(text, node.range[0]);
  }
  return undefined;
}

function isNamed(item: unknown, key: string | number | undefined): boolean {
  const name = (item as { key?: unknown }).key;
  return isScalar(name) && name.value === key;
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

/** Whether a text is a JSON object. */
export function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
