// What limits an instance: its quota, its rules for calls, the numbers that are never called.

import { NumberInput, Textarea, TextInput } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, useAct } from "../ui/Form";
import { Card, Empty, Facts, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";
import { Rules } from "./Rules";

const route = getRouteApi("/console/settings");

export function Settings() {
  const { t } = useTranslation();
  return (
    <Page title={t("nav.settings")} intro={t("settings.intro")}>
      <div className={css["two"]}>
        <Card title={t("settings.rules")}>
          <Rules />
        </Card>
        <Card title={t("settings.quota")}>
          <Quota />
        </Card>
      </div>
      <div className={css["gap"]} />
      <DoNotCall />
    </Page>
  );
}

function Quota() {
  const { t } = useTranslation();
  const query = useOfInstance(["quota"], (instance) =>
    ask(api.GET("/api/v1/quotas", { params: { query: { instance } } })),
  );
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const quota = query.data;
  const of = (used: number, most: number | null | undefined) =>
    most == null ? t("settings.used_unlimited", { used }) : t("settings.used_of", { used, most });
  return (
    <>
      <Facts
        items={[
          { name: t("settings.call_minutes"), value: of(quota.call_minutes_used, quota.call_minutes) },
          { name: t("settings.agent_minutes"), value: of(quota.agent_minutes_used, quota.agent_minutes) },
          { name: t("settings.agent_calls"), value: quota.agent_calls_max ?? t("settings.unlimited") },
          { name: t("settings.until"), value: <Until at={quota.call_until} /> },
        ]}
      />
      <div className={css["gap"]} />
      <Dialog variant="default" size="xs" label={t("settings.grant")}>
        {(close) => <Grant quota={quota} onDone={close} />}
      </Dialog>
    </>
  );
}

function Until({ at }: { at: string | null | undefined }) {
  const { t, i18n } = useTranslation();
  return <>{at ? moment(at, i18n.language) : t("settings.unlimited")}</>;
}

function Grant({ quota, onDone }: { quota: Schema<"QuotaView">; onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [calls, setCalls] = useState<number | string>(quota.call_minutes ?? "");
  const [agents, setAgents] = useState<number | string>(quota.agent_minutes ?? "");
  const [atOnce, setAtOnce] = useState<number | string>(quota.agent_calls_max ?? "");
  const [until, setUntil] = useState(quota.call_until?.slice(0, 10) ?? "");
  const limit = (value: number | string) => (value === "" ? null : Number(value));
  const save = () =>
    ask(
      api.PUT("/api/v1/quotas", {
        params: { query: { instance } },
        body: {
          call_minutes: limit(calls),
          agent_minutes: limit(agents),
          agent_calls_max: limit(atOnce),
          call_until: until ? new Date(until).toISOString() : null,
          agent_until: until ? new Date(until).toISOString() : null,
        },
      }),
    );
  return (
    <Form save={save} stale={["quota"]} submit={t("settings.grant")} onSaved={onDone}>
      <p>{t("settings.grant_why")}</p>
      <NumberInput label={t("settings.call_minutes")} min={0} value={calls} onChange={setCalls} placeholder={t("settings.unlimited")} />
      <NumberInput mt="sm" label={t("settings.agent_minutes")} min={0} value={agents} onChange={setAgents} placeholder={t("settings.unlimited")} />
      <NumberInput mt="sm" label={t("settings.agent_calls")} min={0} value={atOnce} onChange={setAtOnce} placeholder={t("settings.unlimited")} />
      <TextInput mt="sm" type="date" label={t("settings.until")} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
    </Form>
  );
}

function DoNotCall() {
  const { t, i18n } = useTranslation();
  const instance = useInstance();
  const { offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useOfInstance(
    ["do not call", offset],
    (instance) => ask(api.GET("/api/v1/do-not-call", { params: { query: { instance, offset, limit: PAGE_ITEMS } } })),
    { placeholderData: keepPreviousData },
  );
  const remove = useAct(
    (number: string) =>
      ask(api.DELETE("/api/v1/do-not-call/{number}", { params: { path: { number }, query: { instance } } })),
    ["do not call"],
  );
  const columns: Column<Schema<"DoNotCallView">>[] = [
    { head: t("calls.number"), numeric: true, cell: (one) => one.number },
    { head: t("settings.added_at"), numeric: true, cell: (one) => moment(one.added_at, i18n.language) },
    {
      head: t("staff.do"),
      cell: (one) => (
        <Confirm
          label={t("keys.remove")}
          question={t("settings.allow_question", { number: one.number })}
          onConfirm={() => remove.mutate(one.number)}
        />
      ),
    },
  ];
  const add = (
    <Dialog size="xs" label={t("settings.never_call")}>
      {(close) => <NeverCall onDone={close} />}
    </Dialog>
  );
  return (
    <Card title={t("settings.do_not_call")} actions={add}>
      <FailedLine error={remove.error} />
      <Table
        label={t("settings.do_not_call")}
        query={query}
        columns={columns}
        rowKey={(one) => one.number}
        offset={offset}
        onOffset={(next) => void navigate({ search: { offset: next || undefined } })}
        empty={
          <Empty
            title={t("settings.none_barred")}
            text={t("settings.none_barred_why")}
            command="switchboard dnc add +12025550104"
          />
        }
      />
    </Card>
  );
}

function NeverCall({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [text, setText] = useState("");
  const numbers = text.split(/[\s,;，；]+/).filter(Boolean);
  const save = () =>
    ask(api.POST("/api/v1/do-not-call", { params: { query: { instance } }, body: { numbers } }));
  return (
    <Form
      save={save}
      stale={["do not call"]}
      submit={t("settings.never_call")}
      onSaved={onDone}
      why={numbers.length === 0 ? t("campaign.nobody_listed") : undefined}
    >
      <Textarea
        autosize
        minRows={4}
        maxRows={12}
        label={t("settings.numbers")}
        description={t("settings.numbers_hint")}
        placeholder="+12025550104"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </Form>
  );
}
