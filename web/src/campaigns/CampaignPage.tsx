// One campaign: how far it is, who was called how often and what came of it, and what can be done.

import { Button, NumberInput, SegmentedControl, Tabs, Textarea } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlus } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useInstance, useInstances, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { useFresh } from "../console/fresh";
import { duration, moment } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, useAct } from "../ui/Form";
import { Badge, Card, Empty, Facts, Failed, FailedLine, Page, parts as css, Waiting, type Tone } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";
import { reachedShare } from "./Campaigns";
import { parts, readList } from "./list";
import { Found } from "./NewCampaign";
import { CampaignState, PLACES, Progress } from "./Progress";

/** Parts of the page that stand behind one another. */
export const CAMPAIGN_TABS = ["contacts", "attempts"] as const;

/** Where the contacts are that are listed. */
export const CONTACT_STATES = PLACES;

type Campaign = Schema<"CampaignView">;

const route = getRouteApi("/console/campaigns/$id");

export function CampaignPage() {
  const { id } = route.useParams();
  useFresh(["campaigns", id], (event) => event.type === "answered" || event.type === "ended");
  const query = useOfInstance(
    ["campaigns", id],
    (instance) => ask(api.GET("/api/v1/campaigns/{id}", { params: { path: { id }, query: { instance } } })),
    { refetchInterval: 5_000 },
  );
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Shown campaign={query.data} />;
}

function Shown({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation();
  const { tab = "contacts" } = route.useSearch();
  const navigate = route.useNavigate();
  const agent = useAgents().find((one) => one.id === campaign.voice_agent)?.name;
  return (
    <Page
      title={campaign.name}
      badges={
        <>
          <CampaignState state={campaign.state} />
          <Badge tone="agent">{agent ?? campaign.voice_agent}</Badge>
        </>
      }
      actions={<Actions campaign={campaign} />}
    >
      {campaign.trouble && (
        <p role="alert" className={css["badge"]} data-tone="bad">
          {t("campaign.trouble", { why: campaign.trouble })}
        </p>
      )}
      <Card>
        <Facts
          items={[
            { name: t("campaign.people"), value: String(campaign.progress.total) },
            { name: t("campaign.reached_share"), value: reachedShare(campaign.progress) },
            { name: t("campaign.at_once"), value: String(campaign.at_once) },
            { name: t("campaign.when"), value: <Times schedule={campaign.schedule} /> },
            {
              name: t("campaign.again"),
              value: t("campaign.again_short", {
                n: campaign.retry.attempts_max,
                every: duration(campaign.retry.interval_second * 1000),
              }),
            },
            { name: t("keys.created"), value: moment(campaign.created_at, i18n.language) },
          ]}
        />
        <div className={css["gap"]} />
        <Progress progress={campaign.progress} legend />
      </Card>
      <Card>
        <Tabs
          value={tab}
          keepMounted={false}
          onChange={(value) =>
            void navigate({ search: { tab: CAMPAIGN_TABS.find((one) => one === value) }, replace: true })
          }
        >
          <Tabs.List>
            {CAMPAIGN_TABS.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {t(`campaign.tab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="contacts" pt="sm">
            <Contacts id={campaign.id} />
          </Tabs.Panel>
          <Tabs.Panel value="attempts" pt="sm">
            <Attempts id={campaign.id} />
          </Tabs.Panel>
        </Tabs>
      </Card>
    </Page>
  );
}

/** When it may dial, in words. */
function Times({ schedule }: { schedule: Schema<"ScheduleBody"> }) {
  const { t } = useTranslation();
  const days = schedule.days_of_week.map((day) => t(`day.short.${day}`)).join(" ");
  const dates = schedule.days_of_month.join(", ");
  const hours = schedule.hours.map((one) => `${one.from.slice(0, 5)}–${one.to.slice(0, 5)}`).join(", ");
  return <>{[days || dates, hours].filter(Boolean).join(" · ") || t("campaign.always")}</>;
}

function Actions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id, state } = campaign;
  const params = { path: { id }, query: { instance: campaign.instance } };
  const stale = ["campaigns"];
  const pause = useAct(() => ask(api.POST("/api/v1/campaigns/{id}/pause", { params })), stale);
  const resume = useAct(() => ask(api.POST("/api/v1/campaigns/{id}/resume", { params })), stale);
  const cancel = useAct(() => ask(api.POST("/api/v1/campaigns/{id}/cancel", { params })), stale);
  return (
    <>
      <FailedLine error={pause.error ?? resume.error ?? cancel.error} />
      {state === "running" && (
        <Button
          variant="default"
          leftSection={<IconPlayerPauseFilled size={16} aria-hidden="true" />}
          loading={pause.isPending}
          onClick={() => pause.mutate()}
        >
          {t("campaign.pause")}
        </Button>
      )}
      {state === "paused" && (
        <Button
          leftSection={<IconPlayerPlayFilled size={16} aria-hidden="true" />}
          loading={resume.isPending}
          onClick={() => resume.mutate()}
        >
          {t("campaign.resume")}
        </Button>
      )}
      {state !== "canceled" && <AddContacts campaign={campaign} />}
      {state !== "canceled" && <Speed campaign={campaign} />}
      {(state === "running" || state === "paused") && (
        <Confirm
          size="sm"
          label={t("campaign.cancel")}
          question={t("campaign.cancel_question", { name: campaign.name })}
          onConfirm={() => cancel.mutate()}
        />
      )}
    </>
  );
}

function AddContacts({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  return (
    <Dialog
      label={t("campaign.add")}
      variant="default"
      modalSize="lg"
      icon={<IconPlus size={18} aria-hidden="true" />}
    >
      {(close) => <AddForm campaign={campaign} onDone={close} />}
    </Dialog>
  );
}

function AddForm({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [text, setText] = useState("");
  const countryCode = useInstances().data?.items.find((one) => one.id === instance)?.country_code ?? "";
  const list = useMemo(() => readList(text, countryCode), [text, countryCode]);
  const save = async () => {
    const params = { path: { id: campaign.id }, query: { instance: campaign.instance } };
    for (const contacts of parts(list.contacts)) {
      await ask(api.POST("/api/v1/campaigns/{id}/contacts", { params, body: { contacts } }));
    }
  };
  return (
    <Form
      save={save}
      stale={["campaigns"]}
      submit={t("campaign.add")}
      onSaved={onDone}
      why={list.contacts.length === 0 ? t("campaign.nobody_listed") : undefined}
    >
      <Textarea
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        data-autofocus
        label={t("campaign.list")}
        description={t("campaign.list_hint")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Found list={list} />
    </Form>
  );
}

function Speed({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  return (
    <Dialog label={t("campaign.speed")} variant="default">
      {(close) => <SpeedForm campaign={campaign} onDone={close} />}
    </Dialog>
  );
}

function SpeedForm({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { t } = useTranslation();
  const [atOnce, setAtOnce] = useState(campaign.at_once);
  const save = () =>
    ask(
      api.PATCH("/api/v1/campaigns/{id}", {
        params: { path: { id: campaign.id }, query: { instance: campaign.instance } },
        body: { at_once: atOnce } as Schema<"CampaignBody">,
      }),
    );
  return (
    <Form save={save} stale={["campaigns"]} submit={t("staff.save")} onSaved={onDone}>
      <NumberInput
        label={t("campaign.at_once")}
        description={t("campaign.at_once_hint")}
        min={1}
        max={1000}
        value={atOnce}
        onChange={(value) => setAtOnce(Number(value) || 1)}
      />
    </Form>
  );
}

const CONTACT_TONES: Record<string, Tone> = {
  reached: "ok",
  failed: "bad",
  dialing: "info",
  waiting: "plain",
  paused: "warn",
  canceled: "plain",
};

function Contacts({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const { state, offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useOfInstance(
    ["campaigns", id, "contacts", state, offset],
    (instance) =>
      ask(
        api.GET("/api/v1/campaigns/{id}/contacts", {
          params: { path: { id }, query: { instance, state, offset, limit: PAGE_ITEMS } },
        }),
      ),
    { placeholderData: keepPreviousData, refetchInterval: 5_000 },
  );
  const columns: Column<Schema<"ContactView">>[] = [
    { head: t("campaign.contact_name"), cell: (one) => one.name || one.reference || "–" },
    { head: t("campaign.numbers"), numeric: true, cell: (one) => one.numbers.join(", ") },
    {
      head: t("campaign.state_is"),
      cell: (one) => <Badge tone={CONTACT_TONES[one.state] ?? "plain"}>{t(`campaign.contact.${one.state}`)}</Badge>,
    },
    { head: t("campaign.n_attempts"), numeric: true, cell: (one) => one.n_attempts },
    { head: t("campaign.failure"), cell: (one) => (one.failure ? t(`campaign.outcome.${one.failure}`) : "–") },
    {
      head: t("campaign.next_at"),
      numeric: true,
      cell: (one) => (one.next_at ? moment(one.next_at, i18n.language) : "–"),
    },
  ];
  return (
    <>
      <div className={css["toolbar"]}>
        <SegmentedControl
          size="xs"
          aria-label={t("campaign.contact_state")}
          value={state ?? "all"}
          onChange={(value) =>
            void navigate({ search: { state: CONTACT_STATES.find((one) => one === value) }, replace: true })
          }
          data={["all", ...CONTACT_STATES].map((value) => ({ value, label: t(`campaign.contact.${value}`) }))}
        />
      </div>
      <Table
        label={t("campaign.tab.contacts")}
        query={query}
        columns={columns}
        rowKey={(one) => one.id}
        offset={offset}
        onOffset={(next) => void navigate({ search: (old) => ({ ...old, offset: next || undefined }) })}
        empty={<Empty title={t("campaign.nobody")} text={t("campaign.nobody_why")} />}
      />
    </>
  );
}

function Attempts({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const { offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useOfInstance(
    ["campaigns", id, "attempts", offset],
    (instance) =>
      ask(
        api.GET("/api/v1/campaigns/{id}/attempts", {
          params: { path: { id }, query: { instance, offset, limit: PAGE_ITEMS } },
        }),
      ),
    { placeholderData: keepPreviousData, refetchInterval: 5_000 },
  );
  const columns: Column<Schema<"AttemptView2">>[] = [
    {
      head: t("campaign.planned_at"),
      numeric: true,
      cell: (one) => (
        <Link to="/console/calls/$id" params={{ id: one.call }}>
          {moment(one.planned_at, i18n.language)}
        </Link>
      ),
    },
    { head: t("call.to"), numeric: true, cell: (one) => one.callee },
    { head: t("campaign.attempt_n"), numeric: true, cell: (one) => one.n },
    {
      head: t("call.outcome"),
      cell: (one) =>
        one.outcome ? (
          <Badge tone={one.outcome === "reached" ? "ok" : "warn"}>{t(`campaign.outcome.${one.outcome}`)}</Badge>
        ) : (
          <Badge tone="info">{t("campaign.contact.dialing")}</Badge>
        ),
    },
    {
      head: t("push.took"),
      numeric: true,
      cell: (one) => (one.ended_at ? duration(Date.parse(one.ended_at) - Date.parse(one.planned_at)) : "–"),
    },
  ];
  return (
    <Table
      label={t("campaign.tab.attempts")}
      query={query}
      columns={columns}
      rowKey={(one) => one.call}
      offset={offset}
      onOffset={(next) => void navigate({ search: (old) => ({ ...old, offset: next || undefined }) })}
      empty={<Empty title={t("campaign.no_attempt")} text={t("campaign.no_attempt_why")} />}
    />
  );
}
