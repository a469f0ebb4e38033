// Who waits for skill groups now, and how it went since the server was started.

import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { duration } from "../i18n/format";
import { Badge, Card, Empty } from "../ui/Page";
import { Table, type Column } from "../ui/Table";

type View = Schema<"QueueView">;

/** Share of callers who are answered in time that the trade aims at. */
const SERVICE_LEVEL_AIM = 0.8;

export function QueuesNow() {
  const { t } = useTranslation();
  const query = useOfInstance(
    ["queues"],
    async (instance) => {
      const { items } = await ask(api.GET("/api/v1/queues", { params: { query: { instance } } }));
      return { items, total: items.length };
    },
    { refetchInterval: 3_000 },
  );
  const seconds = (n: number | null | undefined) => (n == null ? "–" : duration(n * 1000));
  const columns: Column<View>[] = [
    { head: t("groups.name"), cell: (queue) => queue.name },
    {
      head: t("queue.waiting"),
      numeric: true,
      cell: (queue) => <Badge tone={queue.waiting > 0 ? "warn" : "plain"}>{queue.waiting}</Badge>,
    },
    {
      head: t("queue.longest_wait"),
      numeric: true,
      cell: (queue) => (queue.waiting > 0 ? seconds(queue.longest_wait_second) : "–"),
    },
    { head: t("queue.staff"), numeric: true, cell: (queue) => `${queue.staff_free} / ${queue.staff_busy}` },
    { head: t("queue.answered"), numeric: true, cell: (queue) => queue.answered },
    { head: t("queue.abandoned"), numeric: true, cell: (queue) => queue.abandoned },
    { head: t("queue.passed_on"), numeric: true, cell: (queue) => queue.passed_on },
    { head: t("queue.average_wait"), numeric: true, cell: (queue) => seconds(queue.average_wait_second) },
    { head: t("queue.service_level"), numeric: true, cell: (queue) => <Level queue={queue} /> },
  ];
  return (
    <Card title={t("queue.now")}>
      <Table
        label={t("queue.now")}
        query={query}
        columns={columns}
        rowKey={(queue) => queue.skill_group}
        empty={<Empty title={t("queue.none")} text={t("queue.none_why")} />}
      />
    </Card>
  );
}

function Level({ queue }: { queue: View }) {
  const { t } = useTranslation();
  const level = queue.service_level;
  if (level == null) return <>–</>;
  const within = t("queue.within", { percent: Math.round(level * 100), second: queue.service_time_second });
  return <Badge tone={level >= SERVICE_LEVEL_AIM ? "ok" : "warn"}>{within}</Badge>;
}
