// A voice agent tried by text. Pure: what the person did is a list, and the server answers for the
// whole of it, so any past turn can be changed and the talk goes on from there.

import type { Schema } from "../api/client";

/** What the person did. */
export type Step = Schema<"TrialStepBody">;

/** What the agent made of it. */
export type Answer = Schema<"TrialAnswerView">;

/** The beginning of every trial: the phone is answered. */
export const ANSWERED: Step = { act: "answers", words: "" };

/** What typed text means: rows of keys are pressed, nothing at all is silence, the rest is said. */
export function stepOf(typed: string): Step {
  const text = typed.trim();
  if (text === "") return { act: "is_silent", words: "" };
  if (/^[0-9*#]+$/.test(text)) return { act: "presses", words: text };
  return { act: "says", words: text };
}

/** The steps with one more. */
export function withStep(steps: readonly Step[], typed: string): Step[] {
  return [...steps, stepOf(typed)];
}

/** The steps up to a turn, with that turn changed: what came after it is forgotten. */
export function changed(steps: readonly Step[], idx: number, typed: string): Step[] {
  return [...steps.slice(0, idx), stepOf(typed)];
}

/** The steps with what was answered to each: whoever thinks elsewhere is asked only for what is new. */
export function answered(steps: readonly Step[], answers: readonly Answer[]): Step[] {
  return steps.map((step, idx) => {
    const known = answers[idx];
    if (!known) return step;
    const { says, act, state } = known;
    return { ...step, answered: { says, act, state: state ?? null } };
  });
}

/** Whether models or a flow think for the agent, which takes its time and may cost something. */
export function isThinking(definition: string): boolean {
  try {
    const fields = JSON.parse(definition) as object;
    return "thinker" in fields || "flow" in fields;
  } catch {
    return false;
  }
}

/** Whether the agent has ended the talk. */
export function isOver(answers: readonly Answer[]): boolean {
  const act = answers.at(-1)?.act ?? "";
  return act === "hang_up" || act.startsWith("transfer");
}

/** The value that a definition gives to a variable by itself; empty for none. */
export function defaultOf(definition: string, name: string): string {
  try {
    const { variables } = JSON.parse(definition) as { variables?: Record<string, string> };
    return variables?.[name] ?? "";
  } catch {
    return "";
  }
}

/** Names of the variables in a definition. */
export function variableNames(definition: string): string[] {
  const found = new Set<string>();
  for (const [, name] of definition.matchAll(/\$\{([^}\s]{1,64})\}/g)) if (name) found.add(name);
  return [...found];
}

/** Fields of a definition in the order in which people read them; others follow by name. */
const READING_ORDER = [
  "language", "voice", "variables", "welcome_delay_second", "greeting", "greeting_interruptible",
  "interruptible", "start", "steps", "replies", "words", "keys", "say", "answers", "then", "otherwise",
  "after_second", "lines", "max", "no_input", "no_match", "goodbye", "turns", "limits", "fallback",
];

/** The same JSON with its fields in reading order; names of steps stay as they are. */
export function inReadingOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inReadingOrder);
  if (typeof value !== "object" || value === null) return value;
  const place = (name: string) => {
    const at = READING_ORDER.indexOf(name);
    return at < 0 ? READING_ORDER.length : at;
  };
  const fields = Object.entries(value).sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b));
  return Object.fromEntries(fields.map(([name, inner]) => [name, inReadingOrder(inner)]));
}
