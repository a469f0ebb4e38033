// Campaigns: lists of people whom a voice agent calls.

import { Button, SegmentedControl } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { useFresh } from "../console/fresh";
import { count, moment } from "../i18n/format";
import { Card, Empty, Page, parts as css } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";
import { CampaignState, Progress } from "./Progress";

/** What a campaign may be doing. */
export const CAMPAIGN_STATES = ["running", "paused", "completed", "canceled"] as const;

const route = getRouteApi("/console/campaigns");

export function Campaigns() {
  const { t } = useTranslation();
  const { state, offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  useFresh(["campaigns"], (event) => event.type === "answered" || event.type === "ended");
  const query = useOfInstance(
    ["campaigns", state, offset],
    (instance) =>
      ask(api.GET("/api/v1/campaigns", { params: { query: { instance, state, offset, limit: PAGE_ITEMS } } })),
    { placeholderData: keepPreviousData, refetchInterval: 10_000 },
  );
  return (
    <Page title={t("nav.campaigns")} intro={t("campaign.intro")} actions={<New />}>
      <Card>
        <div className={css["toolbar"]}>
          <SegmentedControl
            aria-label={t("campaign.state_is")}
            value={state ?? "all"}
            onChange={(value) => void navigate({ search: { state: CAMPAIGN_STATES.find((one) => one === value) } })}
            data={["all", ...CAMPAIGN_STATES].map((value) => ({ value, label: t(`campaign.state.${value}`) }))}
          />
        </div>
        <Table
          label={t("nav.campaigns")}
          query={query}
          columns={useColumns()}
          rowKey={(campaign) => campaign.id}
          offset={offset}
          onOffset={(next) => void navigate({ search: { state, offset: next || undefined } })}
          empty={
            state ? (
              <Empty title={t("campaign.none_such")} text={t("campaign.none_such_why")} />
            ) : (
              <Empty
                title={t("campaign.none")}
                text={t("campaign.none_why")}
                action={<New />}
                command='switchboard campaign add "Autumn" --agent 1'
              />
            )
          }
        />
      </Card>
    </Page>
  );
}

function New() {
  const { t } = useTranslation();
  return (
    <Button
      renderRoot={(props: object) => <Link to="/console/campaigns/new" {...props} />}
      leftSection={<IconPlus size={18} aria-hidden="true" />}
    >
      {t("campaign.new")}
    </Button>
  );
}

function useColumns(): Column<Schema<"CampaignView">>[] {
  const { t, i18n } = useTranslation();
  const agents = useAgents();
  return [
    {
      head: t("campaign.name"),
      cell: (campaign) => (
        <Link to="/console/campaigns/$id" params={{ id: campaign.id }}>
          {campaign.name}
        </Link>
      ),
    },
    { head: t("campaign.state_is"), cell: (campaign) => <CampaignState state={campaign.state} /> },
    { head: t("campaign.progress"), cell: (campaign) => <Progress progress={campaign.progress} /> },
    { head: t("campaign.people"), numeric: true, cell: (campaign) => count(campaign.progress.total, i18n.language) },
    { head: t("campaign.reached_share"), numeric: true, cell: (campaign) => reachedShare(campaign.progress) },
    {
      head: t("call.agent"),
      cell: (campaign) => agents.find((one) => one.id === campaign.voice_agent)?.name ?? campaign.voice_agent,
    },
    { head: t("keys.created"), numeric: true, cell: (campaign) => moment(campaign.created_at, i18n.language) },
  ];
}

/** Of those who are through, how many answered. */
export function reachedShare(progress: Schema<"ProgressView">): string {
  const through = progress.reached + progress.failed;
  return through === 0 ? "–" : `${Math.round((progress.reached * 100) / through)} %`;
}
