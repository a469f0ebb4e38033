// The chat on somebody's page: text that grows in its place, always a way to a person, readable by
// a screen reader and usable by keyboard alone.

import { freshName } from "../chat/name";
import type { Message, Thread } from "../chat/thread";
import { PANEL_STYLE, sheet } from "./style";
import { fill, textsOf, type Texts } from "./texts";
import { Refused, Wire, type Shown } from "./wire";

/** A message that this page sent and that has not arrived yet. */
interface Pending {
  clientId: string;
  text: string;
  file: globalThis.File | undefined;
  failed: boolean;
}

class Panel extends HTMLElement {
  #texts: Texts = textsOf("en");
  #wire: Wire | undefined;
  #shown: Shown | undefined;
  #pending: Pending[] = [];
  #bubbles = new Map<string, HTMLElement>();
  /** Messages that were there when the page was opened are not read aloud. */
  #announcedUpTo = 0;
  #part = <T extends HTMLElement>(name: string): T =>
    this.shadowRoot?.querySelector(`[data-part="${name}"]`) as T;

  connectedCallback(): void {
    this.attachShadow({ mode: "open", delegatesFocus: true });
    this.#draw(this.getAttribute("language") ?? "en");
    this.#wire = new Wire(
      {
        base: this.getAttribute("base") ?? location.origin,
        instance: Number(this.getAttribute("instance")),
        language: this.getAttribute("language") ?? "en",
        name: this.getAttribute("name") ?? "",
        userSig: this.getAttribute("user-sig") ?? "",
      },
      (shown) => this.#show(shown),
    );
    this.#wire.start().then(
      () => this.#limits(),
      (error: unknown) => this.#tip(fill(this.#texts.unavailable, String((error as Error).message)), true),
    );
  }

  disconnectedCallback(): void {
    this.#wire?.stop();
  }

  override focus(): void {
    this.#part<HTMLTextAreaElement>("text").focus();
  }

  #draw(language: string): void {
    const root = this.shadowRoot;
    if (!root) return;
    this.#texts = textsOf(language);
    this.lang = /^zh/i.test(language) ? "zh" : "en";
    const t = this.#texts;
    root.adoptedStyleSheets = [sheet(PANEL_STYLE)];
    root.innerHTML = `
      <section class="panel" role="dialog" aria-label="${t.title}">
        <header><h2>${t.title}</h2><span class="who" data-part="who"></span><span class="space"></span>
          <button type="button" data-part="language" lang="${this.lang === "zh" ? "en" : "zh"}">${t.language}</button>
          <button type="button" data-part="close" aria-label="${t.close}">✕</button></header>
        <div class="tip" data-part="tip" role="status"></div>
        <div class="log" data-part="log" role="log" aria-live="off" aria-label="${t.title}" tabindex="0"></div>
        <div class="hidden" aria-live="polite" data-part="aloud"></div>
        <fieldset data-part="rating" hidden><legend>${t.rate}</legend></fieldset>
        <form class="word" data-part="word" hidden>
          <label>${t.contact}<input required minlength="3" maxlength="200" name="contact"></label>
          <label>${t.word}<textarea required maxlength="4000" rows="2" name="text"></textarea></label>
          <button>${t.leave}</button></form>
        <div class="bar"><button type="button" data-part="person">${t.ask_person}</button>
          <button type="button" data-part="end">${t.end}</button>
          <button type="button" data-part="again" hidden>${t.again}</button></div>
        <form class="write" data-part="write">
          <button type="button" class="attach" data-part="attach" aria-label="${t.attach}"><svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M20 11.5l-8.2 8.2a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4l7.8-7.7"/></svg></button>
          <input type="file" hidden data-part="file">
          <textarea rows="1" maxlength="4000" data-part="text" aria-label="${t.hint}" placeholder="${t.hint}"></textarea>
          <button>${t.send}</button></form>
        <small class="limits" data-part="limits"></small>
      </section>`;
    this.#bubbles.clear();
    this.#listen();
    this.#limits();
    if (this.#shown) this.#show(this.#shown);
  }

  #listen(): void {
    const text = this.#part<HTMLTextAreaElement>("text");
    const on = (part: string, type: string, act: (event: Event) => void) =>
      this.#part(part).addEventListener(type, act);
    on("close", "click", () => this.dispatchEvent(new Event("close")));
    on("language", "click", () => this.#draw(this.lang === "zh" ? "en" : "zh"));
    on("person", "click", () => this.#try(this.#wire?.askPerson()));
    on("end", "click", () => this.#try(this.#wire?.end()));
    on("again", "click", () => this.#try(this.#wire?.again()));
    on("attach", "click", () => this.#part("file").click());
    on("file", "change", () => this.#attach());
    on("write", "submit", (event) => {
      event.preventDefault();
      const words = text.value.trim();
      if (!words) return;
      text.value = "";
      this.#send({ clientId: freshName(), text: words, file: undefined, failed: false });
    });
    text.addEventListener("keydown", (event) => {
      // Enter that ends a word of an input method is no wish to send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#part<HTMLFormElement>("write").requestSubmit();
    });
    this.shadowRoot?.firstElementChild?.addEventListener("keydown", (event) => {
      if ((event as KeyboardEvent).key === "Escape") this.dispatchEvent(new Event("close"));
    });
    on("word", "submit", (event) => {
      event.preventDefault();
      const form = new FormData(this.#part<HTMLFormElement>("word"));
      const left = this.#wire?.leaveWord(String(form.get("contact")), String(form.get("text")));
      this.#try(left?.then(() => this.#part<HTMLFormElement>("word").reset()));
    });
    for (let score = 1; score <= 5; score += 1) {
      const star = document.createElement("button");
      star.type = "button";
      star.textContent = "★";
      star.setAttribute("aria-label", fill(this.#texts.stars, score));
      star.addEventListener("click", () => this.#try(this.#wire?.rate(score)));
      this.#part("rating").append(star);
    }
  }

  #try(done: Promise<unknown> | undefined): void {
    done?.catch((error: unknown) => this.#tip(String((error as Error).message), true));
  }

  #limits(): void {
    const limits = this.#wire?.limits;
    if (!limits || limits.file_types.length === 0) return;
    const mb = Math.floor(limits.file_bytes_max / 1024 / 1024);
    this.#part("attach").hidden = limits.file_bytes_max === 0;
    this.#part("attach").title = this.#part("limits").textContent =
      limits.file_bytes_max === 0 ? "" : fill(this.#texts.files, mb);
    this.#part<HTMLInputElement>("file").accept = limits.file_types.join(",");
  }

  #attach(): void {
    const input = this.#part<HTMLInputElement>("file");
    const file = input.files?.[0];
    input.value = "";
    const limits = this.#wire?.limits;
    if (!file || !limits) return;
    const mb = Math.floor(limits.file_bytes_max / 1024 / 1024);
    if (file.size > limits.file_bytes_max) return this.#tip(fill(this.#texts.too_large, mb), true);
    if (!limits.file_types.includes(file.type)) return this.#tip(this.#texts.bad_type, true);
    this.#send({ clientId: freshName(), text: file.name, file, failed: false });
  }

  #send(pending: Pending): void {
    pending.failed = false;
    if (!this.#pending.includes(pending)) this.#pending.push(pending);
    if (this.#shown) this.#show(this.#shown);
    const sent = pending.file
      ? this.#wire?.sendFile(pending.clientId, pending.file)
      : this.#wire?.say(pending.clientId, pending.text);
    sent?.catch((error: unknown) => {
      pending.failed = true;
      if (error instanceof Refused) this.#tip(error.message, true);
      if (this.#shown) this.#show(this.#shown);
    });
  }

  #show(shown: Shown): void {
    const { thread } = (this.#shown = shown);
    const t = this.#texts;
    const log = this.#part("log");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    this.#pending = this.#pending.filter((one) => !thread.arrived.includes(one.clientId));
    for (const message of thread.messages) this.#bubble(message);
    this.#unsent(log);
    this.#aloud(thread);
    this.#part("who").textContent = thread.state === "staffed" ? thread.staff?.name || t.person : t.bot;
    this.#tip(this.#situation(shown), !shown.connected && thread.n > 0);
    const over = thread.state === "ended";
    this.#part("person").hidden = thread.state !== "bot";
    this.#part("end").hidden = over;
    this.#part("again").hidden = !over;
    this.#part("write").hidden = this.#part("limits").hidden = over;
    this.#part("rating").hidden = !(thread.ratingAsked || over) || thread.rating !== undefined;
    this.#part("word").hidden = !thread.nobodyThere || thread.word !== undefined;
    // Last, because what stands below takes room from it.
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  #situation({ thread, place, connected }: Shown): string {
    const t = this.#texts;
    if (!connected && thread.n > 0) return t.lost;
    switch (thread.state) {
      case "queued":
        return place ? fill(t.queued, place) : t.queued_next;
      case "offered":
        return t.offered;
      case "staffed":
        return fill(t.joined, thread.staff?.name || t.person);
      case "ended":
        return thread.rating === undefined ? t.ended : t.thanks;
      case "bot":
        return thread.word ? t.left : thread.nobodyThere ? t.nobody : "";
    }
  }

  #tip(text: string, bad = false): void {
    const tip = this.#part("tip");
    if (tip.textContent !== text) tip.textContent = text;
    tip.classList.toggle("bad", bad);
  }

  /** Shows a message, or what it has grown by. */
  #bubble(message: Message): void {
    let bubble = this.#bubbles.get(message.key);
    if (!bubble) {
      bubble = document.createElement("div");
      bubble.className = `message ${message.who}`;
      const by = document.createElement("span");
      by.className = "by";
      by.textContent = message.who === "centre" ? "" : this.#name(message);
      const text = document.createElement("span");
      bubble.append(by, text);
      this.#bubbles.set(message.key, bubble);
      this.#part("log").append(bubble);
      if (message.file) this.#file(bubble, message.file);
    }
    const text = bubble.lastElementChild as HTMLElement;
    const words = message.cut ? `${message.text} ${this.#texts.cut}` : message.text;
    if (!message.file && text.textContent !== words) text.textContent = words;
    text.classList.toggle("caret", message.open);
    bubble.setAttribute("aria-busy", String(message.open));
  }

  #name(message: Message): string {
    if (message.who === "customer") return this.#texts.you;
    return message.who === "bot" ? this.#texts.bot : message.name || this.#texts.person;
  }

  /** A picture is shown; anything else is fetched when it is asked for. */
  #file(bubble: HTMLElement, id: string): void {
    const text = bubble.lastElementChild as HTMLElement;
    this.#wire?.file(id).then(({ url, type, name }) => {
      if (type.startsWith("image/")) {
        const image = document.createElement("img");
        image.src = url;
        image.alt = name;
        text.replaceChildren(image);
      } else {
        const link = document.createElement("a");
        link.href = url;
        link.download = name;
        link.textContent = name;
        text.replaceChildren(link);
      }
    }, () => (text.textContent = id));
  }

  #unsent(log: HTMLElement): void {
    for (const old of log.querySelectorAll(".pending")) old.remove();
    for (const pending of this.#pending) {
      const bubble = document.createElement("div");
      bubble.className = "message customer pending";
      bubble.textContent = pending.text;
      if (pending.failed) {
        const again = document.createElement("button");
        again.type = "button";
        again.textContent = `${this.#texts.failed} ${this.#texts.retry}`;
        again.addEventListener("click", () => this.#send(pending));
        bubble.append(document.createElement("br"), again);
      }
      log.append(bubble);
    }
  }

  /** Tells new messages to screen readers: each once, when it is whole; never the history. */
  #aloud(thread: Thread): void {
    const last = thread.messages.at(-1);
    if (!last) return;
    if (this.#announcedUpTo === 0) {
      this.#announcedUpTo = last.n;
      return;
    }
    for (const message of thread.messages) {
      if (message.n <= this.#announcedUpTo) continue;
      if (message.open) return;
      this.#announcedUpTo = message.n;
      if (message.who === "customer") continue;
      this.#part("aloud").textContent = `${this.#name(message)}: ${message.text}`;
    }
  }
}

customElements.define("switchboard-chat-panel", Panel);
