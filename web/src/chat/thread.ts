// A conversation by text as a screen shows it: the fold of its events. Pure, and the same for the
// customer's widget and for the workspace.
//
// What always holds: an event counts once, however often it comes, and a chunk is appended at the
// place that it names, so nothing is shown twice or lost.

/** An event of a conversation, as both sides' live channels send it. */
export interface ChatEvent {
  /** Counts events of a conversation from 1. */
  n: number;
  at: string;
  type: string;
  [field: string]: unknown;
}

/** Who wrote a message. */
export type Who = "customer" | "bot" | "staff" | "centre";

/** A message as it stands now. */
export interface Message {
  key: string;
  n: number;
  at: string;
  who: Who;
  /** Of a person: the name. */
  name: string;
  text: string;
  /** Id of the file that it is. */
  file: string | undefined;
  /** Still growing. */
  open: boolean;
  /** Ended before its end: a person took over, or its writer fell silent. */
  cut: boolean;
  /** Only staff see it. */
  isPrivate: boolean;
}

/** Where a conversation is. */
export type State = "bot" | "queued" | "offered" | "staffed" | "ended";

/** Everything that a screen shows of a conversation. */
export interface Thread {
  /** Number of the last event: where to go on after a cut. */
  n: number;
  state: State;
  messages: readonly Message[];
  /** The person who has it. */
  staff: { id: number; name: string } | undefined;
  ratingAsked: boolean;
  rating: number | undefined;
  /** Nobody was online when a person was asked for. */
  nobodyThere: boolean;
  /** What the customer left for later, and how to reach them. */
  word: { contact: string; text: string } | undefined;
  /** Names that the sender drew for messages which have arrived. */
  arrived: readonly string[];
}

/** Before the first event. */
export const EMPTY: Thread = {
  n: 0,
  state: "bot",
  messages: [],
  staff: undefined,
  ratingAsked: false,
  rating: undefined,
  nobodyThere: false,
  word: undefined,
  arrived: [],
};

/** What follows from an event. */
export function take(thread: Thread, event: ChatEvent): Thread {
  if (event.n <= thread.n) return thread;
  const next: Thread = { ...thread, n: event.n };
  switch (event.type) {
    case "message":
      return arrived(added(next, message(event, { open: false })), event);
    case "note":
      return added(next, { ...message(event, { open: false }), isPrivate: true });
    case "stream":
      return added(next, message(event, { open: true }));
    case "chunk":
      return changed(next, event, (old) => ({ ...old, text: appended(old.text, event) }));
    case "stream_end":
      return changed(next, event, (old) => ({ ...old, open: false, cut: event["end"] !== "finished" }));
    case "state":
      return moved(next, event);
    case "rating_asked":
      return { ...next, ratingAsked: true };
    case "rated":
      return { ...next, rating: Number(event["score"]), ratingAsked: false };
    case "word_left":
      return { ...next, word: { contact: String(event["contact"] ?? ""), text: String(event["text"] ?? "") } };
    default:
      return next;
  }
}

function moved(thread: Thread, event: ChatEvent): Thread {
  const state = event["state"] as State;
  const nobodyThere = event["why"] === "nobody_there";
  return {
    ...thread,
    state,
    nobodyThere,
    // Who asks in vain again may leave word again.
    word: nobodyThere ? undefined : thread.word,
    staff: state === "staffed" ? person(event["staff"]) : state === "ended" ? thread.staff : undefined,
  };
}

/** A message that this side sent itself is there now. */
function arrived(thread: Thread, event: ChatEvent): Thread {
  const name = event["client_id"];
  return typeof name === "string" ? { ...thread, arrived: [...thread.arrived, name] } : thread;
}

/** What follows from several events. */
export function takeAll(thread: Thread, events: readonly ChatEvent[]): Thread {
  return events.reduce(take, thread);
}

function message(event: ChatEvent, { open }: { open: boolean }): Message {
  const author = (event["from"] ?? {}) as { kind?: string; name?: string };
  return {
    key: String(event["key"]),
    n: event.n,
    at: event.at,
    who: whoOf(author.kind),
    name: author.name ?? "",
    text: String(event["text"] ?? ""),
    file: typeof event["file"] === "string" ? event["file"] : undefined,
    open,
    cut: false,
    isPrivate: false,
  };
}

function whoOf(kind: string | undefined): Who {
  return kind === "customer" || kind === "bot" || kind === "staff" ? kind : "centre";
}

function person(staff: unknown): Thread["staff"] {
  const { id, name } = (staff ?? {}) as { id?: number; name?: string };
  return { id: id ?? 0, name: name ?? "" };
}

function added(thread: Thread, one: Message): Thread {
  if (thread.messages.some((old) => old.key === one.key)) return thread;
  return { ...thread, messages: [...thread.messages, one] };
}

function changed(thread: Thread, event: ChatEvent, change: (old: Message) => Message): Thread {
  const key = String(event["key"]);
  return {
    ...thread,
    messages: thread.messages.map((old) => (old.key === key ? change(old) : old)),
  };
}

/** The chunk at the place that it names, in characters as the server counts them. */
function appended(text: string, event: ChatEvent): string {
  const characters = [...text];
  const offset = typeof event["offset"] === "number" ? event["offset"] : characters.length;
  return characters.slice(0, offset).join("") + String(event["text"] ?? "");
}
