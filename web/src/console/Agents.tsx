// Voice agents: a list, and a new one out of a template.

import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Card, Empty, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";
import { TEMPLATES, type Template } from "./templates";

export function Agents() {
  const { t } = useTranslation();
  const instance = useInstance();
  const query = useQuery({
    queryKey: ["agents", instance],
    enabled: instance !== undefined,
    queryFn: () => ask(api.GET("/api/v1/voice-agents", { params: { query: { instance, limit: 200 } } })),
  });
  return (
    <Page title={t("nav.agents")} intro={t("agents.intro")} actions={<NewAgent />}>
      <Card>
        <Table
          label={t("nav.agents")}
          query={query}
          columns={useColumns()}
          rowKey={(agent) => agent.id}
          empty={
            <Empty
              title={t("agents.none")}
              text={t("agents.none_why")}
              command='switchboard agent add "Front desk" --file front-desk.yaml'
            />
          }
        />
      </Card>
    </Page>
  );
}

function NewAgent() {
  const { t } = useTranslation();
  const instance = useInstance();
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (template: Template) =>
      ask(
        api.POST("/api/v1/voice-agents", {
          params: { query: { instance } },
          body: { name: t(`template.${template.name}`), definition: template.definition },
        }),
      ),
    onSuccess: async (agent) => {
      await client.invalidateQueries({ queryKey: ["agents"] });
      await navigate({ to: "/console/agents/$id", params: { id: String(agent.id) } });
    },
  });
  return (
    <>
      <FailedLine error={create.error} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<IconPlus size={18} aria-hidden="true" />} loading={create.isPending}>
            {t("agents.new")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {TEMPLATES.map((template) => (
            <Menu.Item key={template.name} onClick={() => create.mutate(template)}>
              {t(`template.${template.name}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function useColumns(): Column<Schema<"VoiceAgentSummary">>[] {
  const { t, i18n } = useTranslation();
  return [
    { head: "ID", numeric: true, cell: (agent) => agent.id },
    {
      head: t("agents.name"),
      cell: (agent) => (
        <Link to="/console/agents/$id" params={{ id: String(agent.id) }}>
          {agent.name}
        </Link>
      ),
    },
    { head: t("agents.version"), numeric: true, cell: (agent) => agent.version },
    {
      head: t("agents.variables"),
      cell: (agent) => agent.variable_names.map((name) => `\${${name}}`).join(" ") || "–",
    },
    {
      head: t("agents.changed"),
      numeric: true,
      cell: (agent) => moment(agent.updated_at, i18n.language),
    },
  ];
}
