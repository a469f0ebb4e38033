// Calls that run now, moving by the live stream.

import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Outcome } from "../call/words";
import { duration } from "../i18n/format";
import { events, useLive } from "../live/stream";
import { Badge, Card, Empty, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";
import { useFresh } from "./fresh";
import { PlaceCall } from "./PlaceCall";

type Summary = Schema<"CallSummary">;

export function LiveCalls() {
  const { t } = useTranslation();
  const instance = useInstance();
  const live = useLive();
  useFresh(["live"]);
  const query = useQuery({
    queryKey: ["live", instance],
    enabled: instance !== undefined,
    queryFn: () =>
      ask(api.GET("/api/v1/calls", { params: { query: { instance, ended: false, limit: 200 } } })),
    // Without the stream the list is still looked at.
    refetchInterval: live.phase === "live" ? false : 5_000,
  });
  const words = useLastWords();
  return (
    <Page
      title={t("nav.live")}
      intro={t("live_calls.intro")}
      badges={query.data && <Badge tone="info">{t("live_calls.count", { count: query.data.total })}</Badge>}
      actions={<PlaceCall />}
    >
      <Card>
        <Table
          label={t("nav.live")}
          query={query}
          columns={useColumns(words)}
          rowKey={(call) => call.id}
          empty={
            <Empty title={t("live_calls.none")} text={t("live_calls.none_why")} action={<PlaceCall />} />
          }
        />
      </Card>
    </Page>
  );
}

/** What was said last in each call, as far as this tab has heard it. */
function useLastWords(): ReadonlyMap<string, string> {
  const [words, setWords] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(
    () =>
      events.onEvent((event) => {
        const said =
          event.type === "agent_said" ? event.heard : event.type === "caller_said" ? event.text : undefined;
        const call = event.call;
        if (!call) return;
        if (said) setWords((old) => new Map(old).set(call, said));
        if (event.type === "ended") {
          setWords((old) => {
            const rest = new Map(old);
            rest.delete(call);
            return rest;
          });
        }
      }),
    [],
  );
  return words;
}

function useColumns(words: ReadonlyMap<string, string>): Column<Summary>[] {
  const { t } = useTranslation();
  return [
    { head: t("call.outcome"), cell: (call) => <Outcome state={call.state} cause={call.cause} /> },
    {
      head: t("live_calls.who"),
      numeric: true,
      cell: (call) => (
        <Link to="/console/calls/$id" params={{ id: call.id }}>
          {call.caller} → {call.callee}
        </Link>
      ),
    },
    { head: t("call.agent"), cell: (call) => call.voice_agent_name || "–" },
    { head: t("live_calls.since"), numeric: true, cell: (call) => <Since at={call.started_at} /> },
    { head: t("live_calls.words"), cell: (call) => words.get(call.id) ?? "…" },
    { head: t("live_calls.do"), cell: (call) => <HangUp id={call.id} /> },
  ];
}

function Since({ at }: { at: string }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <>{duration(Math.max(0, now - Date.parse(at)))}</>;
}

function HangUp({ id }: { id: string }) {
  const { t } = useTranslation();
  const hangUp = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/calls/{id}/hangup", { params: { path: { id } } })),
  });
  return (
    <>
      <Button size="xs" variant="default" loading={hangUp.isPending} onClick={() => hangUp.mutate()}>
        {t("call.hang_up")}
      </Button>
      <FailedLine error={hangUp.error} />
    </>
  );
}
