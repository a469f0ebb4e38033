// How calls are written in lists and heads.

import { useTranslation } from "react-i18next";

import { Badge, type Tone } from "../ui/Page";

/** Causes of a call that went as it should. */
const GOOD = new Set(["completed", "agent_finished", "function_called", "api_request"]);

/** Causes that need somebody's attention. */
const BROKEN = new Set([
  "recognizer_failed",
  "thinker_failed",
  "speaker_failed",
  "carrier_blocked",
  "line_fault",
  "media_timeout",
  "crashed",
  "fault",
]);

/** Where a call is, or how it ended. */
export function Outcome(props: { state: string; cause: string | null | undefined }) {
  const { t } = useTranslation();
  if (props.state !== "ended") {
    return <Badge tone="info">{t(`call.state.${props.state}`, { defaultValue: props.state })}</Badge>;
  }
  const cause = props.cause ?? "unknown";
  return <Badge tone={tone(cause)}>{t(`cause.${cause}`, { defaultValue: cause.replaceAll("_", " ") })}</Badge>;
}

function tone(cause: string): Tone {
  if (GOOD.has(cause)) return "ok";
  return BROKEN.has(cause) ? "bad" : "warn";
}
