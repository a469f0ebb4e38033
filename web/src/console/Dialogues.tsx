// Conversations in which a voice agent is the robot of somebody else's calls.

import { Switch, TextInput, Button } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { clock, duration, moment } from "../i18n/format";
import { Badge, Card, Empty, Facts, Failed, Page, parts as css, Waiting } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";

type Dialogue = Schema<"DialogueView">;

const route = getRouteApi("/console/dialogues");
const one = getRouteApi("/console/dialogues/$id");

export function Dialogues() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { name, open, offset = 0 } = search;
  const query = useOfInstance(
    ["dialogues", name, open, offset],
    (instance) =>
      ask(
        api.GET("/api/v1/dialogues", {
          params: { query: { instance, name, only_open: open ?? false, offset, limit: PAGE_ITEMS } },
        }),
      ),
    { placeholderData: keepPreviousData, refetchInterval: 10_000 },
  );
  return (
    <Page title={t("nav.dialogues")} intro={t("dialogues.intro")}>
      <Card>
        <Filter key={name} />
        <Table
          label={t("nav.dialogues")}
          query={query}
          columns={useColumns()}
          rowKey={(dialogue) => dialogue.id}
          offset={offset}
          onOffset={(next) => void navigate({ search: { ...search, offset: next || undefined } })}
          empty={<Empty title={t("dialogues.none")} text={t("dialogues.none_why")} />}
        />
      </Card>
    </Page>
  );
}

function Filter() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [name, setName] = useState(search.name ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: { ...search, name: name.trim() || undefined, offset: undefined } });
  };
  return (
    <form className={css["toolbar"]} onSubmit={submit}>
      <TextInput label={t("dialogues.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Button type="submit" variant="default">
        {t("action.search")}
      </Button>
      <Switch
        label={t("dialogues.only_open")}
        checked={search.open ?? false}
        onChange={(event) =>
          void navigate({ search: { ...search, open: event.currentTarget.checked || undefined, offset: undefined } })
        }
      />
    </form>
  );
}

function useColumns(): Column<Dialogue>[] {
  const { t, i18n } = useTranslation();
  const agents = useAgents();
  return [
    {
      head: t("dialogues.began"),
      numeric: true,
      cell: (dialogue) => (
        <Link to="/console/dialogues/$id" params={{ id: dialogue.id }}>
          {moment(dialogue.began_at, i18n.language)}
        </Link>
      ),
    },
    { head: t("dialogues.interface"), cell: (dialogue) => t(`dialogues.interfaces.${dialogue.interface}`) },
    { head: t("call.from"), numeric: true, cell: (dialogue) => dialogue.caller || "–" },
    { head: t("call.to"), numeric: true, cell: (dialogue) => dialogue.callee || "–" },
    {
      head: t("call.agent"),
      cell: (dialogue) => agents.find((agent) => agent.id === dialogue.voice_agent)?.name ?? dialogue.voice_agent,
    },
    { head: t("dialogues.task"), cell: (dialogue) => dialogue.task || "–" },
    { head: t("dialogues.ending"), cell: (dialogue) => <Ending dialogue={dialogue} /> },
  ];
}

function Ending({ dialogue }: { dialogue: Dialogue }) {
  const { t } = useTranslation();
  if (!dialogue.ending) return <Badge tone="info">{t("dialogues.open")}</Badge>;
  return <Badge tone={dialogue.ending === "idle" ? "warn" : "ok"}>{t(`dialogues.endings.${dialogue.ending}`)}</Badge>;
}

export function DialoguePage() {
  const { t, i18n } = useTranslation();
  const { id } = one.useParams();
  const query = useOfInstance(
    ["dialogues", id],
    (instance) => ask(api.GET("/api/v1/dialogues/{id}", { params: { path: { id }, query: { instance } } })),
    { refetchInterval: 5_000 },
  );
  const agents = useAgents();
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const dialogue = query.data;
  return (
    <Page
      title={t("dialogues.title", { id: id.slice(0, 8) })}
      badges={
        <>
          <Badge tone="agent">
            {agents.find((agent) => agent.id === dialogue.voice_agent)?.name ?? dialogue.voice_agent}
          </Badge>
          <Ending dialogue={dialogue} />
        </>
      }
    >
      <Card>
        <Facts
          items={[
            { name: t("call.from"), value: dialogue.caller || "–" },
            { name: t("call.to"), value: dialogue.callee || "–" },
            { name: t("dialogues.began"), value: moment(dialogue.began_at, i18n.language) },
            { name: t("dialogues.interface"), value: t(`dialogues.interfaces.${dialogue.interface}`) },
            { name: t("agents.version"), value: String(dialogue.version) },
            { name: t("dialogues.task"), value: dialogue.task || "–" },
            { name: t("dialogues.name"), value: dialogue.name },
          ]}
        />
      </Card>
      <Card title={t("call.transcript")}>
        <Turns turns={dialogue.turns} />
      </Card>
    </Page>
  );
}

function Turns({ turns }: { turns: readonly Schema<"TurnView">[] }) {
  const { t } = useTranslation();
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label={t("call.transcript")}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t("call.event.at")}</th>
            <th scope="col">{t("dialogues.heard")}</th>
            <th scope="col">{t("dialogues.said")}</th>
            <th scope="col">{t("dialogues.act")}</th>
            <th scope="col">{t("dialogues.took")}</th>
          </tr>
        </thead>
        <tbody>
          {turns.map((turn) => (
            <tr key={turn.n}>
              <td className="number">{turn.n}</td>
              <td className="number">{clock(turn.at)}</td>
              <td>
                <Badge>{t(`dialogues.turn.${turn.kind}`)}</Badge> {turn.heard}
              </td>
              <td>{turn.said || "–"}</td>
              <td>{turn.act || "–"}</td>
              <td className="number">{duration(turn.took_us / 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
