// What was found out about a call after its end, by whom, and the way to have it looked at again.

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { useAct } from "../ui/Form";
import { Badge, Empty, Facts, FailedLine, parts as css } from "../ui/Page";
import type { CallEvent } from "./story";

type Finding = Schema<"FindingView">;

export function Review(props: { call: Schema<"CallView">; events: readonly CallEvent[] }) {
  const { t, i18n } = useTranslation();
  const { call, events } = props;
  const { review } = call;
  const last = events.filter((event) => event.type === "reviewed" || event.type === "review_failed").at(-1);
  const failed = last?.type === "review_failed" ? last.why : undefined;
  const again = <AskReview call={call} known={last?.n ?? 0} />;
  if (!review) {
    return (
      <>
        {failed && <Failure why={failed} />}
        <Empty title={t("review.none")} text={t(`review.none_because.${whyNone(call)}`)} action={again} />
      </>
    );
  }
  return (
    <>
      {failed && <Failure why={failed} />}
      <p className={css["lead"]}>{review.summary}</p>
      <Facts
        items={[
          { name: t("review.mood"), value: review.mood || "–" },
          { name: t("review.intention"), value: review.intention || "–" },
          { name: t("review.by"), value: review.by || t("review.rules") },
          ...(last ? [{ name: t("review.at"), value: moment(last.at, i18n.language) }] : []),
        ]}
      />
      {review.findings.length > 0 && <Findings findings={review.findings} />}
      <p>{again}</p>
    </>
  );
}

/** Why nothing was found out (yet): there was nobody, or it is being looked at. */
function whyNone(call: Schema<"CallView">): "running" | "not_yet" | "unanswered" {
  if (call.state !== "ended") return "running";
  return call.answered_at ? "not_yet" : "unanswered";
}

function Failure({ why }: { why: string }) {
  const { t } = useTranslation();
  return (
    <p role="alert">
      <Badge tone="bad">{t("event.review_failed")}</Badge> {why}
    </p>
  );
}

/** Asks once more; says so until something was found. */
function AskReview({ call, known }: { call: Schema<"CallView">; known: number }) {
  const { t } = useTranslation();
  const asked = useAct(
    () =>
      ask(api.POST("/api/v1/calls/{id}/review", { params: { path: { id: call.id } } })).then(() => known),
    ["call", call.id],
  );
  if (call.state !== "ended" || !call.answered_at) return null;
  const waits = asked.isSuccess && asked.data === known;
  return (
    <>
      <Button size="xs" variant="default" loading={asked.isPending} disabled={waits} onClick={() => asked.mutate()}>
        {t(call.review ? "review.again" : "review.ask")}
      </Button>{" "}
      <span role="status">{waits && t("review.asked")}</span>
      <FailedLine error={asked.error} />
    </>
  );
}

function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation();
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label={t("review.findings")}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("review.asked_for")}</th>
            <th scope="col">{t("review.found")}</th>
          </tr>
        </thead>
        <tbody>
          {findings.map((finding) => (
            <tr key={finding.name}>
              <td>
                <strong>{finding.name}</strong> {finding.description}
              </td>
              <td>
                <Value finding={finding} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  switch (finding.type) {
    case "text":
      return <>{finding.value}</>;
    case "number":
      return <span className="number">{finding.value}</span>;
    case "yes_no":
      return <Badge tone={finding.value ? "ok" : "plain"}>{t(finding.value ? "models.yes" : "models.no")}</Badge>;
    case "choice":
      return finding.value.map((choice) => (
        <Badge key={choice} tone="info">
          {choice}
        </Badge>
      ));
  }
}
