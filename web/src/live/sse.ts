// Server-sent events out of a stream of text (WHATWG HTML, section 9.2.6). The browser's own
// EventSource does not tell why the server refused, so the stream is read here.

/** One event. */
export interface Message {
  id: string;
  event: string;
  data: string;
}

/** Largest unfinished event, in characters. */
const PENDING_MAX = 1_000_000;

/** Cuts text into events. `text` may end anywhere. */
export class Splitter {
  #pending = "";

  /** The events that `text` completes. */
  push(text: string): Message[] {
    this.#pending = (this.#pending + text).replaceAll("\r\n", "\n");
    if (this.#pending.length > PENDING_MAX) throw new Error("event is too large");
    const parts = this.#pending.split("\n\n");
    this.#pending = parts.pop() ?? "";
    return parts.map(message).filter((found) => found.data !== "");
  }
}

function message(block: string): Message {
  const found: Message = { id: "", event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    switch (line.slice(0, colon)) {
      case "id":
        found.id = value;
        break;
      case "event":
        found.event = value;
        break;
      case "data":
        data.push(value);
        break;
    }
  }
  return { ...found, data: data.join("\n") };
}
