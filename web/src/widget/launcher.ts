// The button on somebody's page that opens a chat. It is small: the chat itself is fetched when it
// is opened for the first time.
//
//   <script src="https://switchboard.example/chat/widget.js" data-instance="1400000001" async></script>

import { LAUNCHER_STYLE, sheet } from "./style";
import { textsOf } from "./texts";

declare const PANEL_FILE: string;

/** Keeps the chat open over a reload. */
const OPEN_KEY = "switchboard-chat-open";

const script = document.currentScript as HTMLScriptElement | null;
const base = script ? new URL(script.src).origin : location.origin;

class Launcher extends HTMLElement {
  #panel: HTMLElement | undefined;
  #button = document.createElement("button");

  connectedCallback(): void {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(LAUNCHER_STYLE)];
    this.#button.type = "button";
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.innerHTML =
      '<svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><path fill="currentColor" d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"/></svg>';
    this.#name(false);
    this.#button.addEventListener("click", () => void this.toggle());
    root.append(this.#button);
    if (sessionStorage.getItem(OPEN_KEY) === "1") void this.toggle(false);
  }

  get #language(): string {
    return this.getAttribute("language") || document.documentElement.lang || navigator.language;
  }

  #name(open: boolean): void {
    const texts = textsOf(this.#language);
    this.#button.setAttribute("aria-label", open ? texts.close : texts.open);
    this.#button.setAttribute("aria-expanded", String(open));
  }

  /** Opens the chat, or closes it. One that opens by itself after a reload leaves the keyboard where it is. */
  async toggle(focuses = true): Promise<void> {
    const open = this.#panel?.hidden ?? true;
    sessionStorage.setItem(OPEN_KEY, open ? "1" : "0");
    this.#name(open);
    if (!this.#panel) {
      await fetched(`${base}/chat/${PANEL_FILE}`);
      const panel = document.createElement("switchboard-chat-panel");
      panel.setAttribute("base", this.getAttribute("base") ?? base);
      panel.setAttribute("language", this.#language);
      for (const name of ["instance", "name", "user-sig"]) {
        panel.setAttribute(name, this.getAttribute(name) ?? "");
      }
      panel.addEventListener("close", () => void this.toggle());
      this.#panel = panel;
      this.shadowRoot?.prepend(panel);
      if (focuses) panel.focus();
      return;
    }
    this.#panel.hidden = !open;
    if (open) this.#panel.focus();
    else this.#button.focus();
  }
}

function fetched(url: string): Promise<void> {
  return new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = url;
    element.onload = () => done();
    element.onerror = () => failed(new Error(`failed to fetch ${url}`));
    document.head.append(element);
  });
}

customElements.define("switchboard-chat", Launcher);
if (script?.dataset["instance"]) {
  const element = document.createElement("switchboard-chat");
  for (const [name, value] of Object.entries(script.dataset)) {
    const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    element.setAttribute(attribute, value ?? "");
  }
  const put = () => document.body.append(element);
  if (document.body) put();
  else addEventListener("DOMContentLoaded", put);
}
