// What was said, word for word, with what was never heard struck through, and how long each reply
// took and why.

import { useTranslation } from "react-i18next";

import { position } from "../i18n/format";
import { Badge } from "../ui/Page";
import { saidAt, SLOW_MS, STAGES, stageMs, type Latency, type Story } from "./story";
import css from "./Transcript.module.css";

/** Shortest scale of the bars: replies of half a second do not look slow. */
const SCALE_MIN_MS = 1_000;

export function Transcript(props: { story: Story; atMs: number; onSeek?: (ms: number) => void }) {
  const { t } = useTranslation();
  const { story } = props;
  const now = saidAt(story.said, props.atMs);
  const scale = Math.max(SCALE_MIN_MS, ...story.replies.map((reply) => reply.latency.total_ms));
  if (story.said.length === 0) return <p>{t("call.nothing_said")}</p>;
  return (
    <>
      <ol className={css["list"]}>
        {story.said.map((said, idx) => (
          <li key={said.n} className={css["row"]} data-now={idx === now && props.atMs > 0}>
            <Time ms={said.fromMs} onSeek={props.onSeek} />
            <span className={css["who"]} data-who={said.who}>
              {t(`call.who.${said.who}`)}
            </span>
            <div className={css["words"]}>
              <p className={css["text"]}>
                {said.text || <em>{t("call.not_understood")}</em>}
                {said.unsaid && (
                  <>
                    {" "}
                    <del className={css["cut"]} title={t("call.never_heard")}>
                      {said.unsaid}
                    </del>
                  </>
                )}{" "}
                {said.interrupted && <Badge tone="bad">{t("call.interrupted")}</Badge>}
              </p>
              {said.latency && <LatencyBar latency={said.latency} scaleMs={scale} />}
            </div>
          </li>
        ))}
      </ol>
      <ul className={css["legend"]} aria-label={t("call.latency_parts")}>
        {STAGES.map((stage) => (
          <li key={stage}>
            <i className={css["stage"]} data-stage={stage} />
            {t(`call.stage.${stage}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** When it was said; plays from there where there is a player. */
function Time(props: { ms: number; onSeek: ((ms: number) => void) | undefined }) {
  const { t } = useTranslation();
  const at = position(props.ms);
  const { onSeek } = props;
  if (!onSeek) return <span className={css["time"]}>{at}</span>;
  return (
    <button
      type="button"
      className={css["time"]}
      aria-label={t("call.play_from", { time: at })}
      onClick={() => onSeek(props.ms)}
    >
      {at}
    </button>
  );
}

/** One reply's latency, split by cause; its text says the same. */
export function LatencyBar(props: { latency: Latency; scaleMs: number }) {
  const { t } = useTranslation();
  const { latency } = props;
  const words = STAGES.map(
    (stage) => `${t(`call.stage.${stage}`)} ${Math.round(stageMs(latency, stage))} ms`,
  ).join(" · ");
  return (
    <div className={css["latency"]} title={words}>
      <div className={css["track"]}>
        <div
          className={css["bar"]}
          role="img"
          aria-label={words}
          style={{ width: `${(latency.total_ms / props.scaleMs) * 100}%` }}
        >
          {STAGES.map((stage) => (
            <span
              key={stage}
              className={css["stage"]}
              data-stage={stage}
              style={{ flexGrow: stageMs(latency, stage), flexBasis: 0 }}
            />
          ))}
        </div>
      </div>
      <strong data-slow={latency.total_ms > SLOW_MS}>{Math.round(latency.total_ms)} ms</strong>
    </div>
  );
}
