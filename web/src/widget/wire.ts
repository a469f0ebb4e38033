// The customer's channel (`docs/chat.md`): begin or resume, write, and follow by a cursor over a
// WebSocket; by long polling where WebSockets do not get through.

import { EMPTY, take, type ChatEvent, type Thread } from "../chat/thread";

/** Whose chat, and who writes. */
export interface Options {
  /** Origin of the server. */
  base: string;
  instance: number;
  language: string;
  name: string;
  userSig: string;
}

/** What the server allows. */
export interface Limits {
  file_bytes_max: number;
  file_types: string[];
}

/** What a screen shows. */
export interface Shown {
  thread: Thread;
  /** How many wait before; undefined of one who does not wait. */
  place: number | undefined;
  connected: boolean;
}

interface Started {
  token: string;
  conversation: { id: string; place: number | null } | null;
  settings: Limits;
}

/** Sockets that fail in a row before long polling is used instead. */
const SOCKETS_MAX = 3;

/** Seconds that a long poll waits. */
const POLL_SECOND = 25;

/** Wait before the next try, ms: doubled each time. */
const WAIT_MS = [500, 10_000] as const;

/** Why the server refused. */
export class Refused extends Error {}

/** One customer's channel. */
export class Wire {
  #shown: Shown = { thread: EMPTY, place: undefined, connected: false };
  #token: string;
  #id = "";
  #stopped = false;
  #socket: WebSocket | undefined;
  /** Settled when there is a conversation to write into, or when there will be none. */
  #ready: Promise<void> = Promise.resolve();
  limits: Limits = { file_bytes_max: 0, file_types: [] };

  constructor(
    private readonly options: Options,
    private readonly onShown: (shown: Shown) => void,
  ) {
    this.#token = localStorage.getItem(this.#key) ?? "";
  }

  get #key(): string {
    return `switchboard-chat ${this.options.base} ${this.options.instance}`;
  }

  /** Shows the last conversation, or begins the first one. What is written meanwhile waits for it. */
  start(): Promise<void> {
    this.#ready = this.#start();
    return this.#ready;
  }

  async #start(): Promise<void> {
    const last = await this.#begin(false);
    const started = last.conversation ? last : await this.#begin(true);
    this.#open(started);
  }

  /** Begins another conversation after one has ended. */
  async again(): Promise<void> {
    this.#socket?.close();
    this.#show({ thread: EMPTY, place: undefined });
    this.#open(await this.#begin(true));
  }

  async #begin(begin: boolean): Promise<Started> {
    const { instance, language, name, userSig } = this.options;
    const started = (await this.#ask("POST", "/chat/v1/start", {
      instance,
      begin,
      language,
      page: location.href.slice(0, 500),
      ...(this.#token ? { token: this.#token } : {}),
      ...(name ? { name } : {}),
      ...(userSig ? { user_sig: userSig } : {}),
    })) as Started;
    this.#token = started.token;
    localStorage.setItem(this.#key, started.token);
    this.limits = started.settings;
    return started;
  }

  #open(started: Started): void {
    this.#id = started.conversation?.id ?? "";
    this.#show({ place: started.conversation?.place ?? undefined });
    void this.#follow(this.#id);
  }

  async #follow(id: string): Promise<void> {
    let [failures, deafSockets] = [0, 0];
    while (!this.#stopped && id === this.#id) {
      // Sockets that open and never speak do not get through: then it is polled from now on.
      const polls = deafSockets >= SOCKETS_MAX;
      const worked = polls ? await this.#poll(id).catch(() => false) : await this.#listen(id);
      if (!polls) deafSockets = worked ? 0 : deafSockets + 1;
      failures = worked ? 0 : failures + 1;
      if (polls && worked) continue;
      this.#show({ connected: false });
      const wait = Math.min(WAIT_MS[1], WAIT_MS[0] * 2 ** Math.min(failures, 5));
      await new Promise((later) => setTimeout(later, wait));
    }
  }

  /** One socket until it closes; whether it ever spoke. */
  #listen(id: string): Promise<boolean> {
    const { base } = this.options;
    const address = `${base.replace(/^http/, "ws")}/chat/v1/conversations/${id}/socket?after=${this.#shown.thread.n}`;
    return new Promise((closed) => {
      let spoke = false;
      const socket = new WebSocket(address, ["switchboard.chat.v1", this.#token]);
      this.#socket = socket;
      socket.onmessage = ({ data }) => {
        spoke = true;
        if (id === this.#id) this.#take(JSON.parse(String(data)) as ChatEvent);
      };
      socket.onclose = () => closed(spoke);
    });
  }

  /** One long poll. */
  async #poll(id: string): Promise<boolean> {
    const path = `/chat/v1/conversations/${id}/events?after=${this.#shown.thread.n}&wait=${POLL_SECOND}`;
    const { events } = (await this.#ask("GET", path)) as { events: ChatEvent[] };
    this.#show({ connected: true });
    for (const event of events) this.#take(event);
    return true;
  }

  #take(event: ChatEvent): void {
    if (event.type === "hello") return this.#show({ connected: true });
    if (event.type === "queue") {
      return this.#show({ place: (event["place"] as number | null) ?? undefined });
    }
    this.#show({ thread: take(this.#shown.thread, event) });
  }

  #show(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    this.onShown(this.#shown);
  }

  /** Sends a message. A repetition with the same name is shown once. */
  async say(clientId: string, text: string): Promise<void> {
    await this.#act("messages", { client_id: clientId, text });
  }

  /** Sends a file. */
  async sendFile(clientId: string, file: globalThis.File): Promise<void> {
    const headers = {
      "Content-Type": "application/octet-stream",
      "X-File-Name": encodeURIComponent(file.name),
      "X-Client-Id": clientId,
    };
    await this.#ready;
    await this.#fetch("POST", `/chat/v1/conversations/${this.#id}/files`, file, headers);
  }

  /** The bytes of a file, as an address for this page only. */
  async file(id: string): Promise<{ url: string; type: string; name: string }> {
    const response = await this.#fetch("GET", `/chat/v1/files/${id}`);
    const blob = await response.blob();
    const disposition = response.headers.get("content-disposition") ?? "";
    const name = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1] ?? id;
    return { url: URL.createObjectURL(blob), type: blob.type, name: decodeURIComponent(name) };
  }

  /** Asks for a person. */
  askPerson(): Promise<unknown> {
    return this.#act("person");
  }

  /** Gives an opinion, 1 to 5. */
  rate(score: number): Promise<unknown> {
    return this.#act("rating", { score });
  }

  /** Leaves word for later. */
  leaveWord(contact: string, text: string): Promise<unknown> {
    return this.#act("word", { contact, text });
  }

  /** Ends the conversation. */
  end(): Promise<unknown> {
    return this.#act("end");
  }

  /** Follows no longer. */
  stop(): void {
    this.#stopped = true;
    this.#socket?.close();
  }

  async #act(what: string, body?: object): Promise<unknown> {
    await this.#ready;
    return this.#ask("POST", `/chat/v1/conversations/${this.#id}/${what}`, body);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const headers: Record<string, string> = body ? { "Content-Type": "application/json" } : {};
    const response = await this.#fetch(method, path, body && JSON.stringify(body), headers);
    return response.json();
  }

  async #fetch(
    method: string,
    path: string,
    body?: BodyInit,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const isStart = path.endsWith("/start");
    const response = await fetch(this.options.base + path, {
      method,
      headers: { ...headers, ...(isStart ? {} : { Authorization: `Bearer ${this.#token}` }) },
      ...(body === undefined ? {} : { body }),
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Refused(problem.detail ?? response.statusText);
  }
}
