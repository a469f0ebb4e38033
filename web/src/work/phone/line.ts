// The phone itself: SIP over the server's WebSocket, and the browser's own media. Tells what happens as
// events; decides nothing.

import type { UA } from "jssip";
import type { EndEvent, HoldEvent, RTCSession } from "jssip/lib/RTCSession";

import type { Schema } from "../../api/client";
import { dialable, next, OFF, type PhoneEvent, type PhoneState } from "./state";
import { ringing } from "./sounds";

/** Sound alone. */
const MEDIA = { mediaConstraints: { audio: true, video: false } } as const;

/** Seconds that a registration holds: a browser that vanishes is forgotten by then. */
const REGISTER_EXPIRES = 120;

/** Statuses of refusals that have a text of their own. */
const REFUSALS: Record<number, string> = {
  403: "forbidden",
  404: "unknown",
  480: "unanswered",
  486: "busy",
  487: "canceled",
  488: "no_media",
  600: "busy",
  603: "declined",
};

/** See the module. */
export class BrowserPhone {
  private state = OFF;
  private readonly watchers = new Set<() => void>();
  private agent: UA | undefined;
  private session: RTCSession | undefined;
  private silence: (() => void) | undefined;
  private readonly sound = new Audio();

  constructor() {
    this.sound.autoplay = true;
    addEventListener("pagehide", () => this.agent?.stop());
  }

  /** What it is doing. */
  readonly now = (): PhoneState => this.state;

  /** Calls `watcher` after each change, until the answer is called. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Registers what the server gave. Fails where there is no microphone that may be used. */
  async switchOn(own: Schema<"OwnPhoneView">): Promise<void> {
    if (this.agent) return;
    this.tell({ type: "switched", on: true });
    try {
      await microphone();
      await this.register(own);
    } catch (error) {
      this.tell({ type: "switched", on: false });
      throw error;
    }
  }

  /** Ends its call, and is called no more. */
  switchOff(): void {
    this.agent?.stop();
    this.agent = undefined;
    this.tell({ type: "switched", on: false });
  }

  /** Calls a number. */
  dial(text: string): void {
    const number = dialable(text);
    if (this.agent && number && !this.session) this.agent.call(number, MEDIA);
  }

  /** Takes the call that rings. */
  answer(): void {
    this.session?.answer(MEDIA);
  }

  /** Ends the call, or declines it. */
  hangUp(): void {
    const { session } = this;
    if (!session || session.isEnded()) return;
    session.terminate(session.isEstablished() || session.direction === "outgoing" ? {} : { status_code: 603 });
  }

  /** Sends nothing of what is said here, or again. */
  mute(on: boolean): void {
    if (on) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
  }

  /** Lets the other side wait, or goes on. */
  hold(on: boolean): void {
    if (on) this.session?.hold();
    else this.session?.unhold();
  }

  /** Presses a key. */
  press(key: string): void {
    const { session } = this;
    if (!session?.isEstablished()) return;
    session.sendDTMF(key, { transportType: "RFC2833" as never });
    this.tell({ type: "pressed", id: session.id, key });
  }

  /** Gives the call to a number, and leaves it. */
  transfer(text: string): void {
    const number = dialable(text);
    if (number) this.session?.refer(number);
  }

  private tell(event: PhoneEvent): void {
    this.state = next(this.state, event);
    const rings = this.state.call?.phase === "rings";
    if (rings && !this.silence) this.silence = ringing();
    if (!rings) {
      this.silence?.();
      this.silence = undefined;
    }
    for (const watcher of this.watchers) watcher();
  }

  private async register(own: Schema<"OwnPhoneView">): Promise<void> {
    const { UA, WebSocketInterface } = await import("jssip");
    const socket = new WebSocketInterface(`${location.origin.replace(/^http/, "ws")}${own.socket}`);
    const agent = new UA({
      sockets: [socket],
      uri: `sip:${own.number}@${own.domain}`,
      authorization_user: own.number,
      display_name: own.name,
      realm: own.realm,
      ha1: own.ha1,
      register_expires: REGISTER_EXPIRES,
      user_agent: "Switchboard workspace",
    });
    agent.on("registered", () => this.tell({ type: "registered" }));
    agent.on("registrationFailed", () => this.tell({ type: "lost", why: "refused" }));
    agent.on("disconnected", () => this.tell({ type: "lost", why: "unreachable" }));
    agent.on("newRTCSession", ({ session }: { session: RTCSession }) => this.begin(session));
    this.agent = agent;
    agent.start();
  }

  private begin(session: RTCSession): void {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    const { id } = session;
    const { display_name, uri } = session.remote_identity;
    const peer = [display_name, uri.user].filter((part, idx, all) => part && all.indexOf(part) === idx).join(" ");
    this.tell({ type: "began", id, peer, phase: session.direction === "incoming" ? "rings" : "dials" });
    const over = (event: EndEvent) => {
      if (this.session === session) this.session = undefined;
      this.sound.srcObject = null;
      this.tell({ type: "ended", id, why: reason(event) });
    };
    session.on("accepted", () => this.tell({ type: "answered", id, at: Date.now() }));
    session.on("ended", over);
    session.on("failed", over);
    session.on("muted", () => this.tell({ type: "muted", id, on: true }));
    session.on("unmuted", () => this.tell({ type: "muted", id, on: false }));
    // The other side's hold is music here, which the server plays.
    session.on("hold", (event: HoldEvent) => isOurs(event) && this.tell({ type: "held", id, on: true }));
    session.on("unhold", (event: HoldEvent) => isOurs(event) && this.tell({ type: "held", id, on: false }));
    if (session.connection) this.hear(session.connection);
    session.on("peerconnection", ({ peerconnection }) => this.hear(peerconnection));
  }

  private hear(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      this.sound.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    });
  }
}

function isOurs(event: HoldEvent): boolean {
  return (event.originator as string) === "local";
}

/** How a call ended, as a key of the texts; empty for one that was hung up. */
function reason({ cause, message }: EndEvent): string {
  const status = message && "status_code" in message ? Number(message.status_code) : 0;
  if (cause === "Terminated" || cause === "Canceled") return "";
  if (cause === "User Denied Media Access") return "no_microphone";
  return REFUSALS[status] ?? (status >= 300 || cause === "Connection Error" ? "failed" : "");
}

/** Asks for the microphone once, before anybody waits for an answer. */
async function microphone(): Promise<void> {
  if (!("mediaDevices" in navigator)) throw new Error("insecure");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => {
    throw new Error("no_microphone");
  });
  for (const track of stream.getTracks()) track.stop();
}
