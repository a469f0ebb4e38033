// What the phone in the browser is doing, as values: its registration, and the one call that it has.

/** How the phone stands with the server. */
export type LineState = "off" | "connecting" | "ready" | "lost";

/** What a call is doing. */
export type CallPhase = "rings" | "dials" | "talks";

/** The call that the phone has. */
export interface PhoneCall {
  /** Names it while it lasts. */
  readonly id: string;
  /** Who is at the other end: a name if there is one, and a number. */
  readonly peer: string;
  readonly phase: CallPhase;
  /** When it was answered, ms since 1970. */
  readonly since: number;
  readonly muted: boolean;
  readonly held: boolean;
  /** Keys that were pressed, the last ones. */
  readonly keys: string;
}

/** The whole of it. */
export interface PhoneState {
  readonly line: LineState;
  /** Why it is not ready, or how the last call ended, as a key of the texts; empty: nothing to say. */
  readonly why: string;
  readonly call: PhoneCall | undefined;
}

/** What happens to the phone. */
export type PhoneEvent =
  | { type: "switched"; on: boolean }
  | { type: "registered" }
  | { type: "lost"; why: string }
  | { type: "began"; id: string; peer: string; phase: "rings" | "dials" }
  | { type: "answered"; id: string; at: number }
  | { type: "muted"; id: string; on: boolean }
  | { type: "held"; id: string; on: boolean }
  | { type: "pressed"; id: string; key: string }
  | { type: "ended"; id: string; why: string };

/** Keys that are shown at most. */
const KEYS_MAX = 20;

/** Before it is switched on. */
export const OFF: PhoneState = { line: "off", why: "", call: undefined };

/** What a state becomes by an event. What belongs to another call than the present one changes nothing. */
export function next(state: PhoneState, event: PhoneEvent): PhoneState {
  switch (event.type) {
    case "switched":
      return event.on ? { ...OFF, line: "connecting" } : OFF;
    case "registered":
      return { ...state, line: "ready", why: state.line === "ready" ? state.why : "" };
    case "lost":
      return state.line === "off" ? state : { ...state, line: "lost", why: event.why };
    case "began":
      return { ...state, why: "", call: begun(event) };
    case "ended":
      return state.call?.id === event.id ? { ...state, why: event.why, call: undefined } : state;
    default:
      return state.call?.id === event.id ? { ...state, call: changed(state.call, event) } : state;
  }
}

function begun({ id, peer, phase }: { id: string; peer: string; phase: CallPhase }): PhoneCall {
  return { id, peer, phase, since: 0, muted: false, held: false, keys: "" };
}

type Change = Extract<PhoneEvent, { type: "answered" | "muted" | "held" | "pressed" }>;

function changed(call: PhoneCall, event: Change): PhoneCall {
  switch (event.type) {
    case "answered":
      return { ...call, phase: "talks", since: event.at };
    case "muted":
      return { ...call, muted: event.on };
    case "held":
      return { ...call, held: event.on };
    case "pressed":
      return { ...call, keys: (call.keys + event.key).slice(-KEYS_MAX) };
  }
}

/** Keys of a telephone. */
export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** What was typed to be dialled, without what people write between digits; empty if it is no number. */
export function dialable(text: string): string {
  const bare = text.replace(/[\s().-]/g, "");
  return /^(\+?\d{1,20}|\*\d{1,6})$/.test(bare) ? bare : "";
}
