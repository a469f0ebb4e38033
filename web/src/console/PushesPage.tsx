// Pushes: who is told of calls, every delivery with each attempt, and a way to send it again.

import { Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Push, PushState } from "../call/Pushes";
import { moment } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, SecretInput, useAct } from "../ui/Form";
import { Badge, Card, Empty, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";
import { useFresh } from "./fresh";

const route = getRouteApi("/console/pushes");

export function PushesPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const instance = useInstance();
  useFresh(["deliveries"], (event) => event.type === "ended" || event.type === "recording_ready");
  const query = useOfInstance(
    ["deliveries", search.state, search.offset],
    (instance) =>
      ask(
        api.GET("/api/v1/deliveries", {
          params: { query: { instance, state: search.state, offset: search.offset ?? 0, limit: PAGE_ITEMS } },
        }),
      ),
    { placeholderData: keepPreviousData },
  );
  const states = ["all", "due", "delivered", "exhausted"] as const;
  return (
    <Page title={t("nav.pushes")} intro={t("pushes.intro")} actions={<NewReceiver />}>
      <Receivers />
      <Card title={t("pushes.deliveries")}>
        <div className={css["toolbar"]}>
          <SegmentedControl
            aria-label={t("pushes.state")}
            value={search.state ?? "all"}
            onChange={(value) => {
              const state = states.find((one) => one === value);
              void navigate({ search: { state: state === "all" ? undefined : state } });
            }}
            data={states.map((value) => ({
              value,
              label: value === "all" ? t("pushes.all") : t(`push.state.${value}`),
            }))}
          />
        </div>
        {search.id && <Push id={search.id} instance={instance} />}
        <Table
          label={t("pushes.deliveries")}
          query={query}
          columns={useColumns()}
          rowKey={(push) => push.id}
          offset={search.offset ?? 0}
          onOffset={(offset) => void navigate({ search: { ...search, offset: offset || undefined } })}
          empty={<Empty title={t("pushes.none")} text={t("pushes.none_why")} />}
        />
      </Card>
    </Page>
  );
}

/** What receivers may be told of. */
const TOPICS: Schema<"Topic">[] = ["cdr", "record", "imcdr", "desk_event", "desk_assign"];

function useColumns(): Column<Schema<"DeliverySummary">>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      head: t("push.at"),
      numeric: true,
      cell: (push) => (
        <Link from="/console/pushes" to="/console/pushes" search={(old) => ({ ...old, id: push.id })}>
          {moment(push.created_at, i18n.language)}
        </Link>
      ),
    },
    { head: t("push.what"), cell: (push) => t(`push.topic.${push.topic}`) },
    { head: t("push.status"), cell: (push) => <PushState state={push.state} /> },
    { head: t("push.n_attempts"), numeric: true, cell: (push) => push.n_attempts },
    { head: t("push.receiver"), numeric: true, cell: (push) => push.endpoint },
    {
      head: t("push.call"),
      cell: (push) => (
        <Link to="/console/calls/$id" params={{ id: push.call }}>
          {push.call.slice(0, 8)}
        </Link>
      ),
    },
  ];
}

function Receivers() {
  const { t } = useTranslation();
  const instance = useInstance();
  const query = useOfInstance(["receivers"], (instance) =>
    ask(api.GET("/api/v1/webhook-endpoints", { params: { query: { instance, limit: 200 } } })),
  );
  const params = (id: number) => ({ path: { id }, query: { instance } });
  const patch = useAct(
    ({ id, enabled }: { id: number; enabled: boolean }) =>
      ask(api.PATCH("/api/v1/webhook-endpoints/{id}", { params: params(id), body: { enabled } })),
    ["receivers"],
  );
  const remove = useAct(
    (id: number) => ask(api.DELETE("/api/v1/webhook-endpoints/{id}", { params: params(id) })),
    ["receivers"],
  );
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <Card title={t("pushes.receivers")}>
      <FailedLine error={patch.error ?? remove.error} />
      {query.data.total === 0 && (
        <Empty
          title={t("pushes.no_receiver")}
          text={t("pushes.no_receiver_why")}
          command="switchboard webhook add --url http://127.0.0.1:9000/ccc"
        />
      )}
      <ul className={css["lines"]}>
        {query.data.items.map((receiver) => (
          <li key={receiver.id}>
            <strong>{receiver.id}</strong> {receiver.url}{" "}
            <Badge tone={receiver.enabled ? "ok" : "warn"}>
              {t(receiver.enabled ? "trunks.on" : "trunks.off")}
            </Badge>{" "}
            {receiver.topics.map((topic) => (
              <Badge key={topic}>{t(`push.topic.${topic}`)}</Badge>
            ))}{" "}
            {receiver.has_signing_secret && <Badge tone="info">{t("pushes.signed")}</Badge>}{" "}
            <Button
              size="xs"
              variant="default"
              onClick={() => patch.mutate({ id: receiver.id, enabled: !receiver.enabled })}
            >
              {t(receiver.enabled ? "trunks.switch_off" : "trunks.switch_on")}
            </Button>{" "}
            <Confirm
              label={t("pushes.remove")}
              question={t("pushes.remove_question", { url: receiver.url })}
              onConfirm={() => remove.mutate(receiver.id)}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function NewReceiver() {
  const { t } = useTranslation();
  return (
    <Dialog label={t("pushes.new")} icon={<IconPlus size={18} aria-hidden="true" />}>
      {(close) => <ReceiverForm onDone={close} />}
    </Dialog>
  );
}

function ReceiverForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [url, setUrl] = useState("");
  const [topics, setTopics] = useState<Schema<"Topic">[]>(["cdr", "record"]);
  const [secret, setSecret] = useState("");
  const save = () =>
    ask(
      api.POST("/api/v1/webhook-endpoints", {
        params: { query: { instance } },
        body: {
          url,
          topics,
          enabled: true,
          auth: { type: "none" },
          ...(secret ? { signing_secret: secret } : {}),
        },
      }),
    );
  return (
    <Form save={save} stale={["receivers"]} submit={t("action.create")} onSaved={onDone}>
      <TextInput
        label="URL"
        type="url"
        required
        placeholder="https://crm.example/ccc"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Checkbox.Group
        mt="sm"
        label={t("pushes.topics")}
        value={topics}
        onChange={(value) => setTopics(value as Schema<"Topic">[])}
      >
        {TOPICS.map((topic) => (
          <Checkbox key={topic} mt="xs" value={topic} label={t(`push.topic.${topic}`)} />
        ))}
      </Checkbox.Group>
      <SecretInput
        label={t("pushes.secret")}
        description={t("pushes.secret_hint")}
        value={secret}
        onChange={setSecret}
      />
    </Form>
  );
}
