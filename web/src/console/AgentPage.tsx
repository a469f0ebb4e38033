// A voice agent: its definition on the left, a talk with the draft on the right. Saving is refused
// if somebody else saved in between; nobody's work is overwritten.

import { Button, JsonInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask, Failure } from "../api/problem";
import { Badge, Card, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { Confirm } from "../ui/Confirm";
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
  const saved = JSON.stringify(inReadingOrder(agent.definition), null, 2);
  const [name, setName] = useState(agent.name);
  const [text, setText] = useState(saved);
  const dirty = name !== agent.name || text !== saved;
  const path = { path: { id: agent.id }, query: { instance } };
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT("/api/v1/voice-agents/{id}", {
          params: path,
          body: { name, definition: parsed(text), version: agent.version },
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(["agent", agent.id], changed);
      void client.invalidateQueries({ queryKey: ["agents"] });
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
            disabled={!dirty}
            title={dirty ? undefined : t("agents.nothing_to_save")}
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
          <JsonInput
            mt="sm"
            label={t("agents.definition")}
            description={t("agents.definition_hint")}
            validationError={t("agents.no_json")}
            autosize
            minRows={16}
            maxRows={34}
            formatOnBlur
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
            value={text}
            onChange={setText}
          />
          <p>
            <Confirm
              label={t("agents.remove")}
              question={t("agents.remove_question", { name: agent.name })}
              onConfirm={() => remove.mutate()}
            />
          </p>
        </Card>
        <Card title={t("trial.title")}>
          <Trial text={text} />
        </Card>
      </div>
    </Page>
  );
}

/** What is no JSON goes to the server as it is: its answer names the place. */
export function parsed(text: string): Schema<"AgentDocument"> {
  try {
    return JSON.parse(text) as Schema<"AgentDocument">;
  } catch (error) {
    throw new Failure(0, "malformed", String(error), "definition", "");
  }
}
