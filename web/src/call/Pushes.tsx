// Every push that tells of the call, with each attempt, and a way to send it again.

import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { clock } from "../i18n/format";
import { Code } from "../ui/ApiDrawer";
import { Badge, Empty, Failed, FailedLine, parts as css, Waiting, type Tone } from "../ui/Page";

const TONES: Record<Schema<"DeliveryPhase">, Tone> = {
  due: "info",
  delivered: "ok",
  exhausted: "bad",
};

/** Where a push is, in a word with a color. */
export function PushState(props: { state: Schema<"DeliveryPhase"> }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[props.state]}>{t(`push.state.${props.state}`)}</Badge>;
}

export function Pushes(props: { call: string; instance: number }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["deliveries", "of", props.call],
    queryFn: () =>
      ask(
        api.GET("/api/v1/deliveries", {
          params: { query: { call: props.call, instance: props.instance, limit: 200 } },
        }),
      ),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data.total === 0) {
    return (
      <Empty
        title={t("push.none_of_call")}
        text={t("push.none_of_call_why")}
        command="switchboard webhook add --url http://127.0.0.1:9000/ccc"
      />
    );
  }
  return (
    <>
      {query.data.items.map((delivery) => (
        <Push key={delivery.id} id={delivery.id} instance={props.instance} />
      ))}
    </>
  );
}

/** One push with every attempt. */
export function Push(props: { id: number; instance: number | undefined }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [shown, setShown] = useState(false);
  const path = { path: { id: props.id }, query: { instance: props.instance } };
  const query = useQuery({
    queryKey: ["deliveries", props.id],
    queryFn: () => ask(api.GET("/api/v1/deliveries/{id}", { params: path })),
    refetchInterval: (query) => (query.state.data?.state === "due" ? 2_000 : false),
  });
  const replay = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/deliveries/{id}/replay", { params: path })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["deliveries"] }),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const push = query.data;
  return (
    <section className={css["card"]}>
      <div className={css["head"]}>
        <h3 className={css["cardTitle"]}>
          {t(`push.topic.${push.topic}`)} {push.id}
        </h3>
        <PushState state={push.state} />
        <div className={css["actions"]}>
          <Button
            size="xs"
            variant="default"
            disabled={push.state === "due"}
            title={push.state === "due" ? t("push.still_due") : undefined}
            loading={replay.isPending}
            onClick={() => replay.mutate()}
          >
            {t("push.replay")}
          </Button>
          <Button size="xs" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t("push.body")}
          </Button>
        </div>
      </div>
      <FailedLine error={replay.error} />
      <div className={css["scroll"]} tabIndex={0} role="region" aria-label={t("push.attempts_of", { topic: t(`push.topic.${push.topic}`), id: push.id })}>
        <table className={css["table"]}>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">{t("push.at")}</th>
              <th scope="col">{t("push.status")}</th>
              <th scope="col">{t("push.took")}</th>
              <th scope="col">{t("push.answer")}</th>
            </tr>
          </thead>
          <tbody>
            {push.attempts.map((attempt, idx) => (
              <tr key={`${attempt.at} ${idx}`}>
                <td>{idx + 1}</td>
                <td className="number">{clock(attempt.at)}</td>
                <td>
                  <Badge tone={isGood(attempt.status) ? "ok" : "bad"}>
                    {attempt.status ?? t("push.no_answer")}
                  </Badge>
                </td>
                <td className="number">{attempt.took_ms} ms</td>
                <td>{attempt.note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {push.due_at && <p>{t("push.next", { at: clock(push.due_at) })}</p>}
      {shown && <Code text={JSON.stringify(JSON.parse(push.body), null, 2)} />}
    </section>
  );
}

function isGood(status: number | null | undefined): boolean {
  return status !== null && status !== undefined && status >= 200 && status < 300;
}
