// Language models that voice agents think with: where they are, whether they are fast enough. Keys
// are written and never read.

import { Button, JsonInput, NumberInput, Select, TextInput } from "@mantine/core";
import { IconGauge, IconPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, SecretInput, useAct } from "../ui/Form";
import { Badge, Card, Empty, Facts, FailedLine, Page, type Tone } from "../ui/Page";
import { Table, type Column } from "../ui/Table";
import { isObject } from "./definition";

type Model = Schema<"LanguageModelView">;
type Kind = Schema<"LanguageModelType">;

/** Protocols with an address to begin with. */
const KINDS: Record<Kind, string> = {
  openai: "http://127.0.0.1:11434/v1",
  azure: "https://NAME.openai.azure.com?api-version=2024-10-21",
  minimax: "https://api.minimax.io/v1",
  dify: "https://api.dify.ai/v1",
};

/** Questions of a test. */
const QUESTIONS = [5, 10, 20];

export function Models() {
  const { t } = useTranslation();
  const query = useOfInstance(["models"], (instance) =>
    ask(api.GET("/api/v1/language-models", { params: { query: { instance, limit: 200 } } })),
  );
  return (
    <Page title={t("nav.models")} intro={t("models.intro")} actions={<NewModel />}>
      <Card>
        <Table
          label={t("nav.models")}
          query={query}
          columns={useColumns()}
          rowKey={(model) => model.id}
          empty={
            <Empty
              title={t("models.none")}
              text={t("models.none_why")}
              action={<NewModel />}
              command="switchboard llm add main --url http://127.0.0.1:11434/v1 --model qwen3"
            />
          }
        />
      </Card>
    </Page>
  );
}

function useColumns(): Column<Model>[] {
  const { t } = useTranslation();
  return [
    { head: t("models.name"), cell: (model) => <strong>{model.name}</strong> },
    { head: t("models.type"), cell: (model) => t(`models.types.${model.type}`) },
    { head: t("models.model"), cell: (model) => model.model ?? "–" },
    { head: t("models.url"), cell: (model) => model.url },
    {
      head: t("models.key"),
      cell: (model) => (
        <Badge tone={model.has_key ? "ok" : "plain"}>{t(model.has_key ? "models.key_kept" : "models.no_key")}</Badge>
      ),
    },
    { head: t("staff.do"), numeric: true, cell: (model) => <Actions model={model} /> },
  ];
}

function Actions({ model }: { model: Model }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const remove = useAct(
    () => ask(api.DELETE("/api/v1/language-models/{id}", { params: { path: { id: model.id }, query: { instance } } })),
    ["models"],
  );
  return (
    <>
      <Dialog
        size="xs"
        label={t("models.test")}
        title={t("models.test_of", { name: model.name })}
        icon={<IconGauge size={16} aria-hidden="true" />}
      >
        {() => <Test model={model} />}
      </Dialog>{" "}
      <Dialog size="xs" variant="default" label={t("staff.edit")} title={model.name}>
        {(close) => <ModelForm model={model} onDone={close} />}
      </Dialog>{" "}
      <Confirm
        label={t("keys.remove")}
        question={t("models.remove_question", { name: model.name })}
        onConfirm={() => remove.mutate()}
      />
      <FailedLine error={remove.error} />
    </>
  );
}

function NewModel() {
  const { t } = useTranslation();
  return (
    <Dialog label={t("models.new")} icon={<IconPlus size={18} aria-hidden="true" />}>
      {(close) => <ModelForm model={undefined} onDone={close} />}
    </Dialog>
  );
}

function ModelForm({ model, onDone }: { model: Model | undefined; onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [name, setName] = useState(model?.name ?? "");
  const [type, setType] = useState<Kind>(model?.type ?? "openai");
  const [url, setUrl] = useState(model?.url ?? KINDS.openai);
  const [which, setWhich] = useState(model?.model ?? "");
  const [key, setKey] = useState("");
  const [firstTokenMs, setFirstTokenMs] = useState(model?.first_token_ms ?? 5_000);
  const [extra, setExtra] = useState(model?.extra_body ? JSON.stringify(model.extra_body, null, 2) : "");
  const wrongExtra = extra.trim() !== "" && !isObject(extra);
  const save = () => {
    const body = {
      name,
      type,
      url,
      model: which || null,
      first_token_ms: firstTokenMs,
      // Without a key the kept one stays.
      ...(key ? { key } : {}),
      ...(extra.trim() ? { extra_body: JSON.parse(extra) as Record<string, unknown> } : {}),
    } as Schema<"LanguageModelBody">;
    return model
      ? ask(
          api.PATCH("/api/v1/language-models/{id}", { params: { path: { id: model.id }, query: { instance } }, body }),
        )
      : ask(api.POST("/api/v1/language-models", { params: { query: { instance } }, body }));
  };
  const chooseType = (value: string | null) => {
    const chosen = (Object.keys(KINDS) as Kind[]).find((one) => one === value) ?? type;
    if (url === KINDS[type]) setUrl(KINDS[chosen]);
    setType(chosen);
  };
  return (
    <Form
      save={save}
      stale={["models"]}
      submit={t(model ? "staff.save" : "action.create")}
      onSaved={onDone}
      why={wrongExtra ? t("models.extra_wrong") : undefined}
    >
      <TextInput
        label={t("models.name")}
        description={t("models.name_hint")}
        required
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        mt="sm"
        label={t("models.type")}
        allowDeselect={false}
        value={type}
        onChange={chooseType}
        data={(Object.keys(KINDS) as Kind[]).map((value) => ({ value, label: t(`models.types.${value}`) }))}
      />
      <TextInput
        mt="sm"
        type="url"
        label={t("models.url")}
        required
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      {type !== "dify" && (
        <TextInput
          mt="sm"
          label={t("models.model")}
          required
          maxLength={200}
          value={which}
          onChange={(event) => setWhich(event.currentTarget.value)}
        />
      )}
      <SecretInput
        label={t("models.key")}
        description={t(model?.has_key ? "models.key_stays" : "models.key_hint")}
        value={key}
        onChange={setKey}
      />
      <NumberInput
        mt="sm"
        label={t("models.first_token_ms")}
        description={t("models.first_token_hint")}
        min={100}
        max={30_000}
        step={100}
        value={firstTokenMs}
        onChange={(value) => setFirstTokenMs(Number(value) || 5_000)}
      />
      <JsonInput
        mt="sm"
        autosize
        minRows={2}
        label={t("models.extra")}
        description={t("models.extra_hint")}
        validationError={t("agents.no_json")}
        value={extra}
        onChange={setExtra}
      />
    </Form>
  );
}

/** Asks the model a few questions and tells how long the first word took. */
function Test({ model }: { model: Model }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [questions, setQuestions] = useState("5");
  const test = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/v1/language-models/{id}/test", {
          params: { path: { id: model.id }, query: { instance } },
          body: { questions: Number(questions) },
        }),
      ),
  });
  return (
    <>
      <p>{t("models.test_why", { n: questions })}</p>
      <Select
        label={t("models.questions")}
        allowDeselect={false}
        value={questions}
        onChange={(value) => setQuestions(value ?? "5")}
        data={QUESTIONS.map(String)}
      />
      <Button mt="md" loading={test.isPending} onClick={() => test.mutate()}>
        {t("models.ask")}
      </Button>
      <FailedLine error={test.error} />
      <div role="status">{test.data && <Result result={test.data} />}</div>
    </>
  );
}

function Result({ result }: { result: Schema<"TrialView2"> }) {
  const { t } = useTranslation();
  const budget = result.first_token_budget_ms;
  const ms = (value: number | null | undefined) => (value == null ? "–" : `${Math.round(value)} ms`);
  const pace = (value: number | null | undefined): Tone => (value == null ? "plain" : value < budget ? "ok" : "warn");
  const yes = (value: boolean | null | undefined) => (value == null ? "–" : t(value ? "models.yes" : "models.no"));
  return (
    <>
      <p>
        {result.fast_enough == null ? (
          <Badge tone="bad">{t("models.no_answer")}</Badge>
        ) : (
          <Badge tone={result.fast_enough ? "ok" : "warn"}>
            {t(result.fast_enough ? "models.fast" : "models.slow", { budget: Math.round(budget) })}
          </Badge>
        )}
      </p>
      <Facts
        items={[
          {
            name: t("models.p50"),
            value: ms(result.first_token_p50_ms),
            tone: pace(result.first_token_p50_ms),
          },
          {
            name: t("models.p90"),
            value: ms(result.first_token_p90_ms),
            tone: pace(result.first_token_p90_ms),
          },
          { name: t("models.pieces"), value: result.pieces_per_second?.toFixed(1) ?? "–" },
          { name: t("models.streams"), value: yes(result.streaming) },
          { name: t("models.tools"), value: yes(result.tool_calls) },
          { name: t("models.chinese"), value: yes(result.chinese) },
          {
            name: t("models.failed"),
            value: `${result.failed} / ${result.questions}`,
            tone: result.failed > 0 ? "bad" : "ok",
          },
        ]}
      />
      {result.fault && <p role="alert">{result.fault}</p>}
    </>
  );
}
