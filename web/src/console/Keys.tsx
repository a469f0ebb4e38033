// API keys: signed credentials of the clouds' dialects, and tokens of the native API. A secret is
// shown once, together with programs that use it.

import { Alert, Button, Tabs, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Code } from "../ui/ApiDrawer";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, useAct } from "../ui/Form";
import { Badge, Card, Empty, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";
import { firstCall, KEY_TOOLS } from "./snippets";

type Credential = Schema<"CredentialView">;
type Token = Schema<"TokenView">;

export function Keys() {
  const { t } = useTranslation();
  return (
    <Page title={t("nav.keys")} intro={t("keys.intro")}>
      <Credentials />
      <Tokens />
    </Page>
  );
}

function Credentials() {
  const { t, i18n } = useTranslation();
  const instance = useInstance();
  const [made, setMade] = useState<Credential>();
  const query = useQuery({
    queryKey: ["credentials"],
    queryFn: () => ask(api.GET("/api/v1/credentials", { params: { query: { limit: 200 } } })),
  });
  const create = useAct(
    () => ask(api.POST("/api/v1/credentials", { body: { instances: [instance ?? 0], enabled: true } })),
    ["credentials"],
    setMade,
  );
  const patch = useAct(
    ({ id, enabled }: Credential) =>
      ask(api.PATCH("/api/v1/credentials/{id}", { params: { path: { id } }, body: { enabled: !enabled } })),
    ["credentials"],
  );
  const remove = useAct(
    (id: string) => ask(api.DELETE("/api/v1/credentials/{id}", { params: { path: { id } } })),
    ["credentials"],
  );
  const columns: Column<Credential>[] = [
    { head: "SecretId", cell: (key) => <code>{key.id}</code> },
    { head: t("keys.instances"), numeric: true, cell: (key) => key.instances.join(", ") },
    { head: t("keys.actions"), cell: (key) => key.actions?.join(", ") ?? t("keys.all_actions") },
    {
      head: t("keys.state"),
      cell: (key) => (
        <Badge tone={key.enabled ? "ok" : "warn"}>{t(key.enabled ? "trunks.on" : "trunks.off")}</Badge>
      ),
    },
    { head: t("keys.created"), numeric: true, cell: (key) => moment(key.created_at, i18n.language) },
    {
      head: t("keys.do"),
      numeric: true,
      cell: (key) => (
        <>
          <Button size="xs" variant="default" onClick={() => patch.mutate(key)}>
            {t(key.enabled ? "trunks.switch_off" : "trunks.switch_on")}
          </Button>{" "}
          <Confirm
            label={t("keys.remove")}
            question={t("keys.remove_question", { id: key.id })}
            onConfirm={() => remove.mutate(key.id)}
          />
        </>
      ),
    },
  ];
  return (
    <Card
      title={t("keys.credentials")}
      actions={
        <Button
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {t("keys.new_credential")}
        </Button>
      }
    >
      <FailedLine error={create.error ?? patch.error ?? remove.error} />
      {made?.secret && (
        <Once
          title={t("keys.shown_once")}
          facts={[
            ["SecretId", made.id],
            ["SecretKey", made.secret],
          ]}
          onClose={() => setMade(undefined)}
        >
          <Snippets secretId={made.id} secretKey={made.secret} />
        </Once>
      )}
      <Table
        label={t("keys.credentials")}
        query={query}
        columns={columns}
        rowKey={(key) => key.id}
        empty={
          <Empty
            title={t("keys.no_credential")}
            text={t("keys.no_credential_why")}
            command="switchboard credential add"
          />
        }
      />
    </Card>
  );
}

/** A secret that is shown now and never again. */
function Once(props: {
  title: string;
  facts: [string, string][];
  onClose: () => void;
  children?: React.ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Alert
      color="blue"
      variant="outline"
      title={props.title}
      withCloseButton
      closeButtonLabel={t("action.close")}
      onClose={props.onClose}
      mb="md"
    >
      <Code text={props.facts.map(([name, value]) => `${name}=${value}`).join("\n")} />
      {props.children}
    </Alert>
  );
}

/** First calls with these keys. */
export function Snippets(props: { secretId: string; secretKey: string }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const agents = useAgents();
  const facts = {
    origin: location.origin,
    secretId: props.secretId,
    secretKey: props.secretKey,
    instance: instance ?? 0,
    agent: agents[0]?.id ?? 1,
  };
  return (
    <Tabs defaultValue="python" keepMounted={false}>
      <Tabs.List>
        {KEY_TOOLS.map((tool) => (
          <Tabs.Tab key={tool} value={tool}>
            {t(`keys.tool.${tool}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {KEY_TOOLS.map((tool) => (
        <Tabs.Panel key={tool} value={tool} pt="sm">
          <Code text={firstCall(tool, facts)} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Tokens() {
  const { t, i18n } = useTranslation();
  const [made, setMade] = useState<Token>();
  const query = useQuery({
    queryKey: ["tokens"],
    queryFn: () => ask(api.GET("/api/v1/tokens", { params: { query: { limit: 200 } } })),
  });
  const remove = useAct(
    (id: number) => ask(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })),
    ["tokens"],
  );
  const columns: Column<Token>[] = [
    { head: t("keys.name"), cell: (token) => token.name },
    { head: t("keys.scope"), cell: (token) => token.instance ?? t("keys.operator") },
    { head: t("keys.created"), numeric: true, cell: (token) => moment(token.created_at, i18n.language) },
    {
      head: t("keys.do"),
      cell: (token) => (
        <Confirm
          label={t("keys.remove")}
          question={t("keys.remove_question", { id: token.name })}
          onConfirm={() => remove.mutate(token.id)}
        />
      ),
    },
  ];
  return (
    <Card title={t("keys.tokens")} actions={<NewToken onMade={setMade} />}>
      <FailedLine error={remove.error} />
      {made?.token && (
        <Once
          title={t("keys.shown_once")}
          facts={[["SWITCHBOARD_TOKEN", made.token]]}
          onClose={() => setMade(undefined)}
        />
      )}
      <Table
        label={t("keys.tokens")}
        query={query}
        columns={columns}
        rowKey={(token) => token.id}
        empty={
          <Empty title={t("keys.no_token")} text={t("keys.no_token_why")} command="switchboard token add ci" />
        }
      />
    </Card>
  );
}

function NewToken(props: { onMade: (token: Token) => void }) {
  const { t } = useTranslation();
  return (
    <Dialog label={t("keys.new_token")} icon={<IconPlus size={18} aria-hidden="true" />}>
      {(close) => (
        <TokenForm
          onMade={(token) => {
            close();
            props.onMade(token);
          }}
        />
      )}
    </Dialog>
  );
}

function TokenForm(props: { onMade: (token: Token) => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [name, setName] = useState("");
  const save = () => ask(api.POST("/api/v1/tokens", { body: { name, instance: instance ?? null } }));
  return (
    <Form save={save} stale={["tokens"]} submit={t("action.create")} onSaved={props.onMade}>
      <TextInput
        label={t("keys.name")}
        description={t("keys.name_hint")}
        required
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Form>
  );
}
