// The audit log: who changed what, from where, with what was there before and after.

import { Button } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Code } from "../ui/ApiDrawer";
import { Badge, Card, Empty, FailedLine, Page, parts as css } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";

type Entry = Schema<"AuditView">;

const route = getRouteApi("/console/audit");

export function Audit() {
  const { t } = useTranslation();
  const { offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const instance = useInstance();
  const query = useQuery({
    queryKey: ["audit", instance, offset],
    enabled: instance !== undefined,
    placeholderData: keepPreviousData,
    queryFn: () => ask(api.GET("/api/v1/audit", { params: { query: { offset, limit: PAGE_ITEMS } } })),
  });
  return (
    <Page title={t("nav.audit")} intro={t("audit.intro")} actions={<Verify />}>
      <Card>
        <Table
          label={t("nav.audit")}
          query={query}
          columns={useColumns()}
          rowKey={(entry) => entry.n}
          offset={offset}
          onOffset={(next) => void navigate({ search: { offset: next || undefined } })}
          empty={<Empty title={t("audit.none")} text={t("audit.none_why")} command="switchboard audit list" />}
        />
      </Card>
    </Page>
  );
}

function useColumns(): Column<Entry>[] {
  const { t, i18n } = useTranslation();
  return [
    { head: "#", numeric: true, cell: (entry) => entry.n },
    { head: t("audit.at"), numeric: true, cell: (entry) => moment(entry.at, i18n.language) },
    {
      head: t("audit.who"),
      cell: (entry) => (
        <>
          {entry.actor || "–"}{" "}
          <Badge>{t(`audit.actor.${entry.actor_kind}`, { defaultValue: entry.actor_kind })}</Badge>
        </>
      ),
    },
    { head: t("audit.from"), numeric: true, cell: (entry) => entry.address || "–" },
    { head: t("audit.what"), cell: (entry) => entry.action },
    { head: t("audit.subject"), cell: (entry) => entry.subject },
    {
      head: t("audit.outcome"),
      cell: (entry) => <Badge tone={/^2/.test(entry.outcome) ? "ok" : "warn"}>{entry.outcome}</Badge>,
    },
    { head: t("audit.details"), cell: (entry) => <Details entry={entry} /> },
  ];
}

function Details({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <>
      <Button size="compact-xs" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {t("audit.details")}
      </Button>
      {shown && (
        <div className={css["card"]}>
          {t("audit.before")}
          <Code text={JSON.stringify(entry.before ?? null, null, 2)} />
          {t("audit.after")}
          <Code text={JSON.stringify(entry.after ?? null, null, 2)} />
          <code>{entry.hash}</code>
        </div>
      )}
    </>
  );
}

/** Checks the chain of hashes. */
function Verify() {
  const { t } = useTranslation();
  const verify = useMutation({ mutationFn: () => ask(api.GET("/api/v1/audit/verify")) });
  return (
    <>
      {verify.data && (
        <span role="status">
          <Badge tone={verify.data.whole ? "ok" : "bad"}>
            {verify.data.whole
              ? t("audit.whole", { count: verify.data.entries })
              : (verify.data.problem ?? t("audit.broken"))}
          </Badge>
        </span>
      )}
      <FailedLine error={verify.error} />
      <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
        {t("audit.verify")}
      </Button>
    </>
  );
}
