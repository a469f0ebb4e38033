// The versions of a voice agent: what each was, how it differs from the present one, and the way
// back to it.

import { Button } from "@mantine/core";
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { useAct } from "../ui/Form";
import { Badge, Card, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";
import { write } from "./definition";
import { diff, folded } from "./diff";
import { inReadingOrder } from "./talk";
import own from "./Versions.module.css";

type Agent = Schema<"VoiceAgentView">;

const route = getRouteApi("/console/agents/$id/versions");

export function VersionsPage() {
  const id = Number(route.useParams().id);
  const present = useOfInstance(["agent", id, "present"], (instance) =>
    ask(api.GET("/api/v1/voice-agents/{id}", { params: { path: { id }, query: { instance } } })),
  );
  if (present.isPending) return <Waiting />;
  if (present.isError) return <Failed error={present.error} retry={() => void present.refetch()} />;
  return <Shown present={present.data} />;
}

function Shown({ present }: { present: Agent }) {
  const { t } = useTranslation();
  const { id } = present;
  const { version, offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useOfInstance(
    ["agent", id, "versions", offset],
    (instance) =>
      ask(
        api.GET("/api/v1/voice-agents/{id}/versions", {
          params: { path: { id }, query: { instance, offset, limit: PAGE_ITEMS } },
        }),
      ),
    { placeholderData: keepPreviousData },
  );
  const shown = version ?? list.data?.items.find((one) => one.version < present.version)?.version;
  return (
    <Page
      title={t("versions.title", { name: present.name })}
      intro={t("versions.intro")}
      badges={<Badge tone="agent">{t("agents.version_n", { n: present.version })}</Badge>}
      actions={
        <Link to="/console/agents/$id" params={{ id: String(id) }}>
          {t("versions.back")}
        </Link>
      }
    >
      <div className={css["two"]}>
        <Card title={t("versions.all")}>
          <Table
            label={t("versions.all")}
            query={list}
            columns={useColumns(present.version, shown)}
            rowKey={(one) => one.version}
            offset={offset}
            onOffset={(next) => void navigate({ search: (old) => ({ ...old, offset: next || undefined }) })}
            empty={<p>{t("versions.single")}</p>}
          />
        </Card>
        {shown !== undefined ? (
          <Compared key={shown} present={present} version={shown} />
        ) : (
          <Card title={t("versions.differs")}>
            {list.isPending ? <Waiting /> : <p>{t("versions.single")}</p>}
          </Card>
        )}
      </div>
    </Page>
  );
}

function useColumns(present: number, shown: number | undefined): Column<Schema<"VersionView">>[] {
  const { t, i18n } = useTranslation();
  const navigate = route.useNavigate();
  return [
    {
      head: t("agents.version"),
      cell: (one) => (
        <>
          <Button
            size="compact-sm"
            variant={one.version === shown ? "light" : "subtle"}
            aria-pressed={one.version === shown}
            onClick={() => void navigate({ search: (old) => ({ ...old, version: one.version }) })}
          >
            {t("agents.version_n", { n: one.version })}
          </Button>{" "}
          {one.version === present && <Badge tone="ok">{t("versions.present")}</Badge>}
        </>
      ),
    },
    { head: t("agents.name"), cell: (one) => one.name },
    { head: t("versions.saved_at"), numeric: true, cell: (one) => moment(one.saved_at, i18n.language) },
  ];
}

/** A version beside the present one, and the way back to it. */
function Compared({ present, version }: { present: Agent; version: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const instance = useInstance();
  const navigate = route.useNavigate();
  const { id } = present;
  const was = useOfInstance(["agent", id, "version", version], (instance) =>
    ask(
      api.GET("/api/v1/voice-agents/{id}/versions/{version}", {
        params: { path: { id, version }, query: { instance } },
      }),
    ),
  );
  const restore = useAct(
    () =>
      ask(
        api.POST("/api/v1/voice-agents/{id}/versions/{version}/restore", {
          params: { path: { id, version }, query: { instance } },
          body: { version: present.version },
        }),
      ),
    ["agent", id],
    () => {
      void client.invalidateQueries({ queryKey: ["agents"] });
      void navigate({ search: {} });
    },
  );
  if (was.isPending) return <Waiting />;
  if (was.isError) return <Failed error={was.error} retry={() => void was.refetch()} />;
  return (
    <Card
      title={t("versions.compared", { version, present: present.version })}
      actions={
        version !== present.version && (
          <Confirm
            label={t("versions.restore")}
            question={t("versions.restore_question", { version, next: present.version + 1 })}
            onConfirm={() => restore.mutate()}
          />
        )
      }
    >
      <FailedLine error={restore.error} />
      <Difference was={was.data} present={present} />
    </Card>
  );
}

const SIGNS = { same: " ", gone: "−", new: "+" } as const;

function Difference({ was, present }: { was: Agent; present: Agent }) {
  const { t } = useTranslation();
  const found = useMemo(() => diff(textOf(was), textOf(present)), [was, present]);
  if (found.every((line) => line.kind === "same")) return <p>{t("versions.same")}</p>;
  return (
    <div className={own["diff"]} role="region" aria-label={t("versions.differs")} tabIndex={0}>
      {folded(found).map((line, idx) =>
        line.kind === "skipped" ? (
          <div key={idx} data-kind={line.kind}>
            {t("versions.skipped", { count: line.n })}
          </div>
        ) : (
          <div key={idx} data-kind={line.kind}>
            <span className={own["sign"]} aria-hidden="true">
              {SIGNS[line.kind]}
            </span>
            {line.kind !== "same" && <span className="visually-hidden">{t(`versions.line.${line.kind}`)}</span>}
            {line.text}
          </div>
        ),
      )}
    </div>
  );
}

function textOf(agent: Agent): string {
  return write({ name: agent.name, ...(inReadingOrder(agent.definition) as object) });
}
