// The script that `SdkURL` of `CreateSDKLoginToken` names, for a page of one's own:
//
//   <script src="https://switchboard.example/chat/workspace.js" data-token="…" crossorigin="anonymous"></script>
//
// It puts `tccc` on the page, which opens the workspace in a window of its own, signed in by the token.
// Calls within the page, and their events, are not there.

/** What every function answers, as the vendor's script does. */
interface Answer {
  status: "success" | "error";
  errorMsg?: string;
}

/** Name of the window, so that there is one. */
const WINDOW = "switchboard-workspace";

const script = document.currentScript as HTMLScriptElement | null;
const base = script ? new URL(script.src).origin : location.origin;
const token = script?.dataset["token"] ?? "";

const listeners = new Map<string, Set<() => void>>();
let ready = false;
let entered = false;
let opened: Window | null = null;

function emit(event: string): void {
  for (const listener of listeners.get(event) ?? []) listener();
}

/** Opens the workspace, or brings it to the front. Browsers want a click for it. */
function showWorkbench(): Answer {
  if (!/^[0-9a-f]{32}$/.test(token)) return { status: "error", errorMsg: "data-token is missing or malformed" };
  if (opened && !opened.closed) {
    opened.focus();
    return { status: "success" };
  }
  // A token may be good for one time: the browser keeps what it was given for it.
  opened = window.open(`${base}${entered ? "/work" : `/sign-in/${token}`}`, WINDOW);
  if (!opened) return { status: "error", errorMsg: "the browser did not open a window: ask for it in a click" };
  entered = true;
  return { status: "success" };
}

function hideWorkbench(): Answer {
  opened?.close();
  opened = null;
  return { status: "success" };
}

const tccc = {
  on(event: string, listener: () => void): void {
    const known = listeners.get(event) ?? new Set();
    listeners.set(event, known.add(listener));
    // Who comes late is told as well.
    if (event === "ready" && ready) setTimeout(listener);
  },
  off(event: string, listener: () => void): void {
    listeners.get(event)?.delete(listener);
  },
  UI: { showWorkbench, hideWorkbench },
};

Object.assign(window, { tccc });
setTimeout(() => {
  ready = true;
  emit("ready");
});
