// Is it well, what happens now, and what is left to do.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { count } from "../i18n/format";
import { Badge, Card, Failed, Page, type Tone } from "../ui/Page";
import { useFresh } from "./fresh";
import css from "./Overview.module.css";
import { PlaceCall } from "./PlaceCall";
import { RecentCalls } from "./RecentCalls";

export function Overview() {
  const { t, i18n } = useTranslation();
  useFresh(["overview"]);
  const query = useOverview();
  const overview = query.data;
  return (
    <Page title={t("nav.overview")} actions={<PlaceCall />}>
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      <div className={css["tiles"]}>
        {overview &&
          figuresOf(overview, i18n.language).map((figure) => (
            <Link key={figure.name} to={figure.to} className={css["tile"] ?? ""} data-tone={figure.tone}>
              <span className={css["value"]}>{figure.value}</span>
              <span>{t(`overview.${figure.name}`)}</span>
            </Link>
          ))}
      </div>
      {overview && <Findings overview={overview} />}
      <Steps />
      <RecentCalls />
    </Page>
  );
}

/** What the centre's own look at itself found, each with its way out. */
function Findings({ overview }: { overview: Schema<"OverviewView"> }) {
  const { t } = useTranslation();
  const open = overview.findings.filter((finding) => finding.level !== "good");
  return (
    <Card
      title={t("overview.health")}
      actions={
        <Badge tone={LEVELS[overview.health]}>{t(`overview.level.${overview.health}`)}</Badge>
      }
    >
      {open.length === 0 ? (
        <p>{t("overview.all_good", { count: overview.findings.length })}</p>
      ) : (
        <ul className={css["findings"]}>
          {open.map((finding) => (
            <li key={`${finding.what} ${finding.found}`}>
              <Badge tone={LEVELS[finding.level]}>{t(`overview.level.${finding.level}`)}</Badge>{" "}
              <strong>{finding.what}</strong> {finding.found}
              {finding.fix && <span className={css["fix"]}>{finding.fix}</span>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const LEVELS = { good: "ok", warning: "warn", broken: "bad" } as const;

function useOverview() {
  const instance = useInstance();
  return useQuery({
    queryKey: ["overview", instance],
    enabled: instance !== undefined,
    refetchInterval: 15_000,
    queryFn: () => ask(api.GET("/api/v1/overview", { params: { query: { instance } } })),
  });
}

interface Figure {
  name: string;
  to: "/console/live" | "/console/calls" | "/console/pushes" | "/console/staff" | "/console/trunks";
  value: string;
  tone: Tone;
}

function figuresOf(overview: Schema<"OverviewView">, language: string): Figure[] {
  const shown = (n: number) => count(n, language);
  const { calls, pushes, staff, trunks } = overview;
  const free = staff.find((one) => one.status === "free")?.count ?? 0;
  const people = staff.reduce((sum, one) => sum + one.count, 0);
  const used = trunks.reduce((sum, one) => sum + one.channels, 0);
  return [
    { name: "live", to: "/console/live", value: shown(calls.live), tone: calls.live ? "info" : "plain" },
    {
      name: "today",
      to: "/console/calls",
      value: `${shown(calls.answered_today)} / ${shown(calls.today)}`,
      tone: "plain",
    },
    {
      name: "failing",
      to: "/console/pushes",
      value: shown(pushes.given_up),
      tone: pushes.given_up ? "bad" : "ok",
    },
    { name: "people", to: "/console/staff", value: `${shown(free)} / ${shown(people)}`, tone: "plain" },
    { name: "channels", to: "/console/trunks", value: shown(used), tone: "plain" },
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
  const calls = useQuery({
    queryKey: ["overview", "any call", instance],
    enabled: instance !== undefined,
    queryFn: () => ask(api.GET("/api/v1/calls", { params: { query: { instance, limit: 1 } } })),
  }).data?.total;
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
