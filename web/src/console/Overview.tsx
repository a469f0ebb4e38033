// Is it well, what happens now, and what is left to do.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { count } from "../i18n/format";
import { Badge, Card, Page, type Tone } from "../ui/Page";
import { useFresh } from "./fresh";
import css from "./Overview.module.css";
import { PlaceCall } from "./PlaceCall";
import { RecentCalls } from "./RecentCalls";

export function Overview() {
  const { t } = useTranslation();
  useFresh(["overview"]);
  const figures = useFigures();
  return (
    <Page title={t("nav.overview")} actions={<PlaceCall />}>
      <Health />
      <div className={css["tiles"]}>
        {figures.map((figure) => (
          <Link key={figure.name} to={figure.to} className={css["tile"] ?? ""} data-tone={figure.tone}>
            <span className={css["value"]}>{figure.value ?? "…"}</span>
            <span>{t(`overview.${figure.name}`)}</span>
          </Link>
        ))}
      </div>
      <Steps />
      <RecentCalls />
    </Page>
  );
}

/** The server's own word on whether it can work. */
function Health() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["overview", "ready"],
    queryFn: () => ask(api.GET("/readyz")),
    refetchInterval: 15_000,
    retry: false,
  });
  if (query.isPending) return null;
  return (
    <p role="status">
      {query.isError ? (
        <>
          <Badge tone="bad">{t("overview.not_ready")}</Badge> {t("overview.not_ready_why")}{" "}
          <code>switchboard doctor</code>
        </>
      ) : (
        <>
          <Badge tone="ok">{t("overview.ready")}</Badge> {t("overview.ready_why")}
        </>
      )}
    </p>
  );
}

/** Beginning of the viewer's day. */
function today(): string {
  const date = new Date();
  date.setHours(0, 0, 0, 0);
  return date.toISOString();
}

function useTotal(name: string, find: (instance: number) => Promise<{ total: number }>) {
  const instance = useInstance();
  const query = useQuery({
    queryKey: ["overview", name, instance],
    enabled: instance !== undefined,
    queryFn: () => find(instance ?? 0),
  });
  return query.data?.total;
}

interface Figure {
  name: string;
  to: "/console/live" | "/console/calls" | "/console/pushes" | "/console/agents" | "/console/trunks";
  value: string | undefined;
  tone: Tone;
}

function useFigures(): Figure[] {
  const { i18n } = useTranslation();
  const shown = (n: number | undefined) => (n === undefined ? undefined : count(n, i18n.language));
  const limit = 1;
  const live = useTotal("live", (instance) =>
    ask(api.GET("/api/v1/calls", { params: { query: { instance, ended: false, limit } } })),
  );
  const ended = useTotal("today", (instance) =>
    ask(api.GET("/api/v1/calls", { params: { query: { instance, from: today(), limit } } })),
  );
  const failing = useTotal("failing", (instance) =>
    ask(api.GET("/api/v1/deliveries", { params: { query: { instance, state: "exhausted", limit } } })),
  );
  const agents = useTotal("agents", (instance) =>
    ask(api.GET("/api/v1/voice-agents", { params: { query: { instance, limit } } })),
  );
  const trunks = useTotal("trunks", () => ask(api.GET("/api/v1/trunks", { params: { query: { limit } } })));
  return [
    { name: "live", to: "/console/live", value: shown(live), tone: live ? "info" : "plain" },
    { name: "today", to: "/console/calls", value: shown(ended), tone: "plain" },
    { name: "failing", to: "/console/pushes", value: shown(failing), tone: failing ? "bad" : "ok" },
    { name: "agents", to: "/console/agents", value: shown(agents), tone: "plain" },
    { name: "trunks", to: "/console/trunks", value: shown(trunks), tone: "plain" },
  ];
}

/** What is left to do; empties itself. */
function Steps() {
  const { t } = useTranslation();
  const instance = useInstance();
  const trunks = useQuery({
    queryKey: ["trunks"],
    queryFn: () => ask(api.GET("/api/v1/trunks", { params: { query: { limit: 200 } } })),
  });
  const receivers = useQuery({
    queryKey: ["receivers", instance],
    enabled: instance !== undefined,
    queryFn: () =>
      ask(api.GET("/api/v1/webhook-endpoints", { params: { query: { instance, limit: 200 } } })),
  });
  const calls = useTotal("any", (of) =>
    ask(api.GET("/api/v1/calls", { params: { query: { instance: of, limit: 1 } } })),
  );
  if (!trunks.data || !receivers.data || calls === undefined) return null;
  const steps = [
    { name: "call", to: "/console/agents", done: calls > 0 },
    { name: "trunk", to: "/console/trunks", done: trunks.data.items.some((trunk) => !trunk.simulated) },
    { name: "receiver", to: "/console/pushes", done: receivers.data.total > 0 },
  ] as const;
  const open = steps.filter((step) => !step.done);
  if (open.length === 0) return null;
  return (
    <Card title={t("overview.next")}>
      <ol className={css["steps"]}>
        {open.map((step) => (
          <li key={step.name}>
            <Link to={step.to}>{t(`overview.step.${step.name}`)}</Link>
            <span>{t(`overview.step.${step.name}_why`)}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
