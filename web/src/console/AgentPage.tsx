// A voice agent: its definition on the left, a talk with the draft on the right. Saving is refused
// if somebody else saved in between; nobody's work is overwritten.

import { Button, TextInput } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask, Failure } from "../api/problem";
import { Badge, Card, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { Confirm } from "../ui/Confirm";
import { lineOf, read, write, type Fault } from "./definition";
import { DefinitionEditor } from "./DefinitionEditor";
import { PlaceCall } from "./PlaceCall";
import { inReadingOrder } from "./talk";
import { Trial } from "./Trial";

const route = getRouteApi("/console/agents/$id");

export function AgentPage() {
  const id = Number(route.useParams().id);
  const instance = useInstance();
  const query = useQuery({
    queryKey: ["agent", id],
    enabled: instance !== undefined,
    refetchOnWindowFocus: false,
    queryFn: () =>
      ask(api.GET("/api/v1/voice-agents/{id}", { params: { path: { id }, query: { instance } } })),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Editor key={`${id} ${query.data.version}`} agent={query.data} instance={instance} />;
}

function Editor({ agent, instance }: { agent: Schema<"VoiceAgentView">; instance: number | undefined }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const saved = useMemo(() => write(inReadingOrder(agent.definition)), [agent.definition]);
  const [name, setName] = useState(agent.name);
  const [text, setText] = useState(saved);
  const [refused, setRefused] = useState<Failure>();
  const understood = useMemo(() => read(text), [text]);
  const fault = "fault" in understood ? understood.fault : placed(text, refused);
  const dirty = name !== agent.name || text !== saved;
  const path = { path: { id: agent.id }, query: { instance } };
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT("/api/v1/voice-agents/{id}", {
          params: path,
          body: { name, definition: definitionOf(understood), version: agent.version },
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(["agent", agent.id], changed);
      for (const stale of [["agents"], ["agent", agent.id, "present"], ["agent", agent.id, "versions"]]) {
        void client.invalidateQueries({ queryKey: stale });
      }
    },
  });
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/voice-agents/{id}", { params: path })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["agents"] });
      await navigate({ to: "/console/agents" });
    },
  });
  const reload = () => void client.invalidateQueries({ queryKey: ["agent", agent.id] });
  return (
    <Page
      title={agent.name}
      badges={
        <>
          <Badge tone="agent">{t("agents.version_n", { n: agent.version })}</Badge>
          {dirty && <Badge tone="warn">{t("agents.unsaved")}</Badge>}
        </>
      }
      actions={
        <>
          <PlaceCall agent={agent.id} label={t("agents.call")} />
          <Button
            variant="default"
            leftSection={<IconHistory size={17} aria-hidden="true" />}
            onClick={() => void navigate({ to: "/console/agents/$id/versions", params: { id: String(agent.id) } })}
          >
            {t("versions.all")}
          </Button>
          <Button
            variant="default"
            disabled={!dirty}
            title={dirty ? undefined : t("agents.nothing_to_discard")}
            onClick={() => {
              setName(agent.name);
              setText(saved);
            }}
          >
            {t("agents.discard")}
          </Button>
          <Button
            loading={save.isPending}
            disabled={!dirty || fault !== undefined}
            title={fault ? t("agents.fault_first") : dirty ? undefined : t("agents.nothing_to_save")}
            onClick={() => save.mutate()}
          >
            {t("agents.save")}
          </Button>
        </>
      }
    >
      <FailedLine error={save.error ?? remove.error} />
      {save.error instanceof Failure && save.error.kind === "version-mismatch" && (
        <p>
          {t("agents.overtaken")}{" "}
          <Button size="xs" variant="default" onClick={reload}>
            {t("agents.take_theirs")}
          </Button>
        </p>
      )}
      <div className={css["two"]}>
        <Card title={t("agents.definition")}>
          <TextInput
            label={t("agents.name")}
            value={name}
            maxLength={64}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <p>{t("agents.definition_hint")}</p>
          <DefinitionEditor text={text} onText={setText} fault={fault} />
          <p>
            <Confirm
              label={t("agents.remove")}
              question={t("agents.remove_question", { name: agent.name })}
              onConfirm={() => remove.mutate()}
            />
          </p>
        </Card>
        <Card title={t("trial.title")}>
          <Trial understood={understood} onRefused={setRefused} />
        </Card>
      </div>
    </Page>
  );
}

/** What was understood of a text: a definition, or where it is none. */
export type Understood = ReturnType<typeof read>;

/** The definition, for the server; what is none is not sent. */
export function definitionOf(understood: Understood): Schema<"AgentDocument"> {
  if ("value" in understood) return understood.value as Schema<"AgentDocument">;
  throw new Failure(0, "malformed", understood.fault.why, "definition", "");
}

/** Where in the text that stands what the server does not take. */
function placed(text: string, refused: Failure | undefined): Fault | undefined {
  if (!refused?.field?.startsWith("definition")) return undefined;
  const path = refused.field.replace(/^definition\.?/, "");
  return { line: lineOf(text, path), why: [path, refused.detail].filter(Boolean).join(": ") };
}
