// Call records: every call, newest first, by number and time.

import { Button, TextInput } from "@mantine/core";
import { IconTableExport } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Outcome } from "../call/words";
import { duration, moment } from "../i18n/format";
import { Card, Empty, Page, parts as css } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";
import { useFresh } from "./fresh";
import { PlaceCall } from "./PlaceCall";

/** What the address says of the list. */
export interface CallsSearch {
  number?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  offset?: number | undefined;
}

const route = getRouteApi("/console/calls");

/** What the address means to the server. */
function filterOf(search: CallsSearch) {
  return {
    number: search.number?.replace(/^(?=[0-9])(?!00)/, "+"),
    from: day(search.from, 0),
    to: day(search.to, 1),
  };
}

/** Where all calls of a filter are a table, not only those of one page. */
function exportOf(filter: ReturnType<typeof filterOf>, instance: number | undefined): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, instance })) if (value) query.set(name, String(value));
  return `/api/v1/calls.csv?${query}`;
}

function Export({ href }: { href: string }) {
  const { t } = useTranslation();
  return (
    <Button
      component="a"
      href={href}
      download="calls.csv"
      variant="default"
      leftSection={<IconTableExport size={17} aria-hidden="true" />}
    >
      {t("calls.export")}
    </Button>
  );
}

export function Calls() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const instance = useInstance();
  useFresh(["calls"]);
  const filter = filterOf(search);
  const query = useOfInstance(
    ["calls", search],
    (instance) =>
      ask(
        api.GET("/api/v1/calls", {
          params: { query: { instance, ...filter, offset: search.offset ?? 0, limit: PAGE_ITEMS } },
        }),
      ),
    { placeholderData: keepPreviousData },
  );
  const filtered = Boolean(search.number || search.from || search.to);
  return (
    <Page
      title={t("nav.calls")}
      intro={t("calls.intro")}
      actions={
        <>
          <Export href={exportOf(filter, instance)} />
          <PlaceCall />
        </>
      }
    >
      <Card>
        <Filter key={JSON.stringify(search)} search={search} />
        <Table
          label={t("nav.calls")}
          query={query}
          columns={useColumns()}
          rowKey={(call) => call.id}
          offset={search.offset ?? 0}
          onOffset={(offset) => void navigate({ search: { ...search, offset: offset || undefined } })}
          empty={
            filtered ? (
              <Empty
                title={t("calls.none_match")}
                text={t("calls.none_match_why")}
                action={
                  <Link to="/console/calls" className={css["badge"] ?? ""}>
                    {t("action.show_all")}
                  </Link>
                }
              />
            ) : (
              <Empty title={t("calls.none")} text={t("calls.none_why")} command="switchboard demo" />
            )
          }
        />
      </Card>
    </Page>
  );
}

/** Beginning of a day of the viewer, `plus` days later. */
export function day(text: string | undefined, plus: number): string | undefined {
  if (!text) return undefined;
  const date = new Date(`${text}T00:00:00`);
  if (Number.isNaN(date.getTime())) return undefined;
  date.setDate(date.getDate() + plus);
  return date.toISOString();
}

function Filter({ search }: { search: CallsSearch }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const [number, setNumber] = useState(search.number ?? "");
  const [from, setFrom] = useState(search.from ?? "");
  const [to, setTo] = useState(search.to ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({
      search: { number: number.trim() || undefined, from: from || undefined, to: to || undefined },
    });
  };
  return (
    <form className={css["toolbar"]} onSubmit={submit}>
      <TextInput
        label={t("calls.number")}
        placeholder="+12025550101"
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t("calls.from")}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t("calls.to")}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t("action.search")}
      </Button>
    </form>
  );
}

function useColumns(): Column<Schema<"CallSummary">>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      head: t("call.started"),
      numeric: true,
      cell: (call) => (
        <Link to="/console/calls/$id" params={{ id: call.id }}>
          {moment(call.started_at, i18n.language)}
        </Link>
      ),
    },
    { head: t("call.direction"), cell: (call) => t(`direction.${call.direction}`) },
    { head: t("call.from"), numeric: true, cell: (call) => call.caller },
    { head: t("call.to"), numeric: true, cell: (call) => call.callee },
    { head: t("call.agent"), cell: (call) => call.voice_agent_name || "–" },
    { head: t("call.outcome"), cell: (call) => <Outcome state={call.state} cause={call.cause} /> },
    {
      head: t("call.ring"),
      numeric: true,
      cell: (call) => ring(call),
    },
    {
      head: t("call.talk"),
      numeric: true,
      cell: (call) => (call.answered_at ? duration(call.talk_second * 1000) : "–"),
    },
  ];
}

/** From the request to the first ring: what a caller hears as silence. */
function ring(call: Schema<"CallSummary">): string {
  if (!call.rang_at) return "–";
  return duration(Date.parse(call.rang_at) - Date.parse(call.started_at));
}
