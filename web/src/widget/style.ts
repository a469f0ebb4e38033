// How the widget looks. Constructed style sheets work under any policy of the page that embeds it.

/** A style sheet of a shadow root. */
export function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

const COMMON = `
:host { all: initial; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #111827 }
* { box-sizing: border-box }
[hidden] { display: none !important }
button, input, textarea { font: inherit; color: inherit }
:focus-visible { outline: 3px solid #1864ab; outline-offset: 2px }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important } }
`;

export const LAUNCHER_STYLE = `${COMMON}
:host { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000 }
button { width: 58px; height: 58px; border: 0; border-radius: 50%; background: #1864ab; color: #fff; cursor: pointer; display: grid; place-items: center; box-shadow: 0 8px 24px rgb(16 24 40 / 28%) }
button:hover { background: #135391 }
`;

export const PANEL_STYLE = `${COMMON}
:host { position: fixed; right: 20px; bottom: 92px; width: min(384px, calc(100vw - 24px)); height: min(620px, calc(100vh - 110px)); z-index: 2147483001 }
:host([hidden]) { display: none }
.panel { display: flex; flex-direction: column; height: 100%; background: #fff; border: 1px solid #d6dbe3; border-radius: 16px; overflow: hidden; box-shadow: 0 18px 60px rgb(16 24 40 / 26%) }
header { display: flex; align-items: center; gap: 8px; padding: 12px 14px; background: #1864ab; color: #fff }
header h2 { margin: 0; font-size: 16px; font-weight: 650 }
header .who { font-size: 12.5px; background: #0f4f8a; border-radius: 99px; padding: 1px 9px }
header .space { flex: 1 }
header button { border: 0; background: none; color: #fff; cursor: pointer; min-width: 32px; min-height: 32px; border-radius: 8px; font-size: 13px }
header button:hover { background: #0f4f8a }
.tip { padding: 7px 14px; font-size: 13px; background: #eef4fb; color: #0f4f8a }
.tip:empty { display: none }
.tip.bad { background: #fde4e1; color: #97180c }
.log { flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 10px; background: #f7f9fc }
.message { max-width: 84%; padding: 8px 12px; border-radius: 14px; overflow-wrap: anywhere; white-space: pre-wrap }
.message .by { display: block; font-size: 11.5px; font-weight: 650; margin-bottom: 1px; color: #4b5563 }
.message.customer { align-self: flex-end; background: #1864ab; color: #fff; border-bottom-right-radius: 4px }
.message.customer .by { color: #dcebfa }
.message.bot { align-self: flex-start; background: #ece8fb; color: #241657; border-bottom-left-radius: 4px }
.message.staff { align-self: flex-start; background: #d9f0f2; color: #073b43; border-bottom-left-radius: 4px }
.message.centre { align-self: center; background: none; color: #4b5563; font-size: 13px; text-align: center }
.message.pending { opacity: .75 }
.message img { max-width: 100%; border-radius: 8px; display: block }
.message a, .message button { color: inherit; text-decoration: underline; background: none; border: 0; padding: 0; cursor: pointer }
.caret::after { content: "▍"; animation: blink 1s steps(2) infinite }
@keyframes blink { 50% { opacity: 0 } }
.bar { display: flex; gap: 8px; padding: 10px 14px; flex-wrap: wrap }
.bar button, form.word button, .again { border: 1px solid #9aa5b4; background: #fff; border-radius: 99px; padding: 4px 12px; font-size: 13px; cursor: pointer; min-height: 30px }
.bar button:hover { background: #eef4fb }
form.write { display: flex; gap: 8px; padding: 0 14px 14px; align-items: flex-end }
form.write textarea { flex: 1; resize: none; min-height: 40px; max-height: 120px; border: 1px solid #9aa5b4; border-radius: 10px; padding: 8px 10px; background: #fff }
form.write button { border: 0; border-radius: 10px; background: #1864ab; color: #fff; height: 40px; padding: 0 14px; cursor: pointer }
form.write .attach { background: #fff; color: #1f2937; border: 1px solid #9aa5b4; padding: 0 10px; display: grid; place-items: center }
.limits { padding: 0 14px 10px; margin-top: -8px; font-size: 11.5px; color: #4b5563 }
form.word { padding: 10px 14px; display: grid; gap: 6px; border-top: 1px solid #e2e6ec; background: #fff; font-size: 13.5px }
form.word input, form.word textarea { border: 1px solid #9aa5b4; border-radius: 8px; padding: 6px 8px; width: 100% }
fieldset { border: 0; margin: 0; padding: 8px 14px; text-align: center }
fieldset legend { padding: 0; font-size: 13.5px; margin: 0 auto }
fieldset button { border: 0; background: none; font-size: 24px; min-width: 36px; min-height: 36px; cursor: pointer; color: #8a4b00 }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (max-width: 480px) { :host { right: 8px; bottom: 84px; width: calc(100vw - 16px); height: calc(100vh - 96px) } }
`;
