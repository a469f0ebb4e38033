// How the agent's replies came about: models that were asked, tools that were called, nodes that a
// flow went through, each with its time.

import { useTranslation } from "react-i18next";

import { clock, duration } from "../i18n/format";
import { Badge, Empty, parts as css, type Tone } from "../ui/Page";
import type { CallEvent } from "./story";

type Thought = Extract<CallEvent, { type: "thought" }>;

const TONES: Record<string, Tone> = { answered: "ok", failed: "bad", overtaken: "plain", stopped: "plain" };

export function Thoughts(props: { events: readonly CallEvent[] }) {
  const { t } = useTranslation();
  const thoughts = props.events.filter((event): event is Thought => event.type === "thought");
  if (thoughts.length === 0) return <Empty title={t("call.thought.none")} text={t("call.thought.none_why")} />;
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label={t("call.tab.thoughts")}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("call.thought.turn")}</th>
            <th scope="col">{t("call.event.at")}</th>
            <th scope="col">{t("call.thought.step")}</th>
            <th scope="col">{t("call.thought.first")}</th>
            <th scope="col">{t("push.took")}</th>
          </tr>
        </thead>
        <tbody>
          {thoughts.map((thought) => (
            <tr key={thought.n}>
              <td className="number">{thought.turn}</td>
              <td className="number">{clock(thought.at)}</td>
              <td>
                <Step thought={thought} />
              </td>
              <td className="number">
                {thought.what === "asked" && thought.first_token_ms != null ? duration(thought.first_token_ms) : "–"}
              </td>
              <td className="number">{thought.what === "moved" ? "–" : duration(thought.took_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Step({ thought }: { thought: Thought }) {
  const { t } = useTranslation();
  switch (thought.what) {
    case "asked":
      return (
        <>
          <Badge tone="agent">{thought.backend}</Badge> <Outcome outcome={thought.outcome} why={thought.why} />
        </>
      );
    case "called":
      return (
        <>
          <Badge tone="warn">{thought.tool}</Badge> <Outcome outcome={thought.outcome} why={thought.why} />
          <details>
            <summary>{t("call.thought.exchange")}</summary>
            <pre className={`${css["code"]} ${css["block"]}`}>{`${thought.arguments}\n→ ${thought.answer}`}</pre>
          </details>
        </>
      );
    case "moved":
      return (
        <>
          <strong>{thought.node}</strong> <Badge>{thought.node_kind}</Badge> {thought.branch && `→ ${thought.branch}`}{" "}
          {thought.tags.map((tag) => (
            <Badge key={tag.name} tone="info">
              {tag.name}: {tag.value}
            </Badge>
          ))}
        </>
      );
  }
}

function Outcome(props: { outcome: string; why: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Badge tone={TONES[props.outcome] ?? "plain"}>{t(`call.thought.outcome.${props.outcome}`)}</Badge> {props.why}
    </>
  );
}
