// Whether the screen shows the present, in a word.

import { useTranslation } from "react-i18next";

import { events, useLive, type LiveStream, type Numbered } from "../live/stream";
import css from "./Shell.module.css";

export function LiveSign(props: { stream?: Pick<LiveStream<Numbered>, "watch" | "state"> }) {
  const { t } = useTranslation();
  const live = useLive(props.stream ?? events);
  const since = live.staleSince ? new Date(live.staleSince).toLocaleTimeString([], { hour12: false }) : "";
  const phase = live.phase === "signed_out" ? "stale" : live.phase;
  return (
    <span className={css["live"]} data-phase={phase} role="status">
      <span className={css["dot"]} aria-hidden="true" />
      {phase === "stale" ? t("live.stale", { since }) : t(`live.${phase}`)}
    </span>
  );
}
