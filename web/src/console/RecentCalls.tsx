// The last calls, for the overview.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Outcome } from "../call/words";
import { duration, moment } from "../i18n/format";
import { Card, Empty } from "../ui/Page";
import { Table } from "../ui/Table";

export function RecentCalls() {
  const { t, i18n } = useTranslation();
  const instance = useInstance();
  const query = useQuery({
    queryKey: ["overview", "recent", instance],
    enabled: instance !== undefined,
    queryFn: () => ask(api.GET("/api/v1/calls", { params: { query: { instance, limit: 8 } } })),
  });
  return (
    <Card title={t("overview.recent")}>
      <Table
        label={t("overview.recent")}
        query={query}
        rowKey={(call) => call.id}
        columns={[
          {
            head: t("call.started"),
            numeric: true,
            cell: (call) => (
              <Link to="/console/calls/$id" params={{ id: call.id }}>
                {moment(call.started_at, i18n.language)}
              </Link>
            ),
          },
          { head: t("call.to"), numeric: true, cell: (call) => call.callee },
          { head: t("call.agent"), cell: (call) => call.voice_agent_name || "–" },
          {
            head: t("call.outcome"),
            cell: (call) => <Outcome state={call.state} cause={call.cause} />,
          },
          {
            head: t("call.talk"),
            numeric: true,
            cell: (call) => (call.answered_at ? duration(call.talk_second * 1000) : "–"),
          },
        ]}
        empty={<Empty title={t("calls.none")} text={t("calls.none_why")} command="switchboard demo" />}
      />
    </Card>
  );
}
