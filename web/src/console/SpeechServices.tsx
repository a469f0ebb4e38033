// Recognizers and speakers elsewhere: where they are, whether they work and how fast. Keys are
// written and never read.

import { Button, JsonInput, NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconPlus, IconVolume } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, SecretInput, useAct } from "../ui/Form";
import { Badge, Card, Empty, Facts, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";
import { isObject } from "./definition";
import { fieldsOf, kindsOf, SPEECH_KINDS, usualAddress, type SpeechField, type SpeechKind, type SpeechRole } from "./speech";

type Service = Schema<"SpeechServiceView">;

/** Sample rates that services take. */
const RATES = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000];

export function SpeechServices() {
  const { t } = useTranslation();
  const query = useOfInstance(["speech"], (instance) =>
    ask(api.GET("/api/v1/speech-services", { params: { query: { instance, limit: 200 } } })),
  );
  return (
    <Page title={t("nav.speech")} intro={t("speech.intro")} actions={<NewService />}>
      <Card>
        <Table
          label={t("nav.speech")}
          query={query}
          columns={useColumns()}
          rowKey={(service) => service.id}
          empty={
            <Empty
              title={t("speech.none")}
              text={t("speech.none_why")}
              action={<NewService />}
              command="switchboard speech add ears --type funasr --role recognizer --url ws://127.0.0.1:10095"
            />
          }
        />
      </Card>
    </Page>
  );
}

function useColumns(): Column<Service>[] {
  const { t } = useTranslation();
  return [
    { head: t("models.name"), cell: (service) => <strong>{service.name}</strong> },
    {
      head: t("speech.role"),
      cell: (service) => (
        <Badge tone={service.role === "speaker" ? "agent" : "caller"}>{t(`speech.roles.${service.role}`)}</Badge>
      ),
    },
    { head: t("models.type"), cell: (service) => t(`speech.types.${service.type}`) },
    { head: t("speech.what"), cell: (service) => [service.model, service.voice].filter(Boolean).join(" · ") || "–" },
    { head: t("models.url"), cell: (service) => service.url ?? t("speech.usual") },
    {
      head: t("models.key"),
      cell: (service) => (
        <Badge tone={service.has_key ? "ok" : "plain"}>{t(service.has_key ? "models.key_kept" : "models.no_key")}</Badge>
      ),
    },
    { head: t("staff.do"), numeric: true, cell: (service) => <Actions service={service} /> },
  ];
}

function Actions({ service }: { service: Service }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const remove = useAct(
    () => ask(api.DELETE("/api/v1/speech-services/{id}", { params: { path: { id: service.id }, query: { instance } } })),
    ["speech"],
  );
  return (
    <>
      <Dialog
        size="xs"
        label={t("speech.try")}
        title={t("speech.try_of", { name: service.name })}
        icon={<IconVolume size={16} aria-hidden="true" />}
      >
        {() => <Try service={service} />}
      </Dialog>{" "}
      <Dialog size="xs" variant="default" label={t("staff.edit")} title={service.name}>
        {(close) => <ServiceForm service={service} onDone={close} />}
      </Dialog>{" "}
      <Confirm
        label={t("keys.remove")}
        question={t("speech.remove_question", { name: service.name })}
        onConfirm={() => remove.mutate()}
      />
      <FailedLine error={remove.error} />
    </>
  );
}

function NewService() {
  const { t } = useTranslation();
  return (
    <Dialog label={t("speech.new")} icon={<IconPlus size={18} aria-hidden="true" />}>
      {(close) => <ServiceForm service={undefined} onDone={close} />}
    </Dialog>
  );
}

/** What is typed; empty for what is not said. */
interface Draft {
  name: string;
  role: SpeechRole;
  type: SpeechKind;
  url: string;
  model: string;
  voice: string;
  app_id: string;
  secret_id: string;
  key: string;
  format: "pcm" | "wav";
  sample_rate_hz: string;
  answerMs: number;
  extra: string;
}

function draftOf(service: Service | undefined): Draft {
  const extra = service?.extra && Object.keys(service.extra).length > 0;
  return {
    name: service?.name ?? "",
    role: service?.role ?? "recognizer",
    type: service?.type ?? "openai",
    url: service?.url ?? "",
    model: service?.model ?? "",
    voice: service?.voice ?? "",
    app_id: service?.app_id ?? "",
    secret_id: service?.secret_id ?? "",
    key: "",
    format: service?.format ?? "pcm",
    sample_rate_hz: service?.sample_rate_hz ? String(service.sample_rate_hz) : "",
    answerMs: service?.answer_ms ?? 2_000,
    extra: extra ? JSON.stringify(service.extra, null, 2) : "",
  };
}

/** The draft as the server takes it. A change names what is empty as null, so that it goes. */
function bodyOf(draft: Draft, isChange: boolean): Schema<"SpeechServiceBody"> {
  const fields = fieldsOf(draft.type, draft.role);
  const said = (field: SpeechField, value: unknown) => (fields.includes(field) && value ? value : null);
  const body = {
    name: draft.name,
    role: draft.role,
    type: draft.type,
    url: draft.url.trim() || null,
    model: said("model", draft.model.trim()),
    voice: said("voice", draft.voice.trim()),
    app_id: said("app_id", draft.app_id.trim()),
    secret_id: said("secret_id", draft.secret_id.trim()),
    sample_rate_hz: said("sample_rate_hz", Number(draft.sample_rate_hz)),
    format: said("format", draft.format),
    answer_ms: draft.answerMs,
    extra: draft.extra.trim() ? (JSON.parse(draft.extra) as Record<string, unknown>) : {},
    ...(draft.key ? { key: draft.key } : {}),
  };
  const kept = Object.entries(body).filter(([, value]) => isChange || value !== null);
  return Object.fromEntries(kept) as unknown as Schema<"SpeechServiceBody">;
}

function ServiceForm({ service, onDone }: { service: Service | undefined; onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [draft, setDraft] = useState(() => draftOf(service));
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const wrongExtra = draft.extra.trim() !== "" && !isObject(draft.extra);
  const save = () => {
    const body = bodyOf(draft, service !== undefined);
    return service
      ? ask(
          api.PATCH("/api/v1/speech-services/{id}", { params: { path: { id: service.id }, query: { instance } }, body }),
        )
      : ask(api.POST("/api/v1/speech-services", { params: { query: { instance } }, body }));
  };
  const chooseRole = (role: SpeechRole) => {
    const kinds = kindsOf(role);
    change({ role, type: kinds.includes(draft.type) ? draft.type : (kinds[0] as SpeechKind) });
  };
  const usual = usualAddress(draft.type, draft.role);
  return (
    <Form
      save={save}
      stale={["speech"]}
      submit={t(service ? "staff.save" : "action.create")}
      onSaved={onDone}
      why={wrongExtra ? t("models.extra_wrong") : undefined}
    >
      <TextInput
        label={t("models.name")}
        description={t("models.name_hint")}
        required
        maxLength={64}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <SegmentedControl
        mt="sm"
        fullWidth
        aria-label={t("speech.role")}
        value={draft.role}
        onChange={(value) => chooseRole(value as SpeechRole)}
        data={(["recognizer", "speaker"] as const).map((value) => ({ value, label: t(`speech.roles.${value}`) }))}
      />
      <Select
        mt="sm"
        label={t("models.type")}
        allowDeselect={false}
        value={draft.type}
        onChange={(value) => change({ type: (value ?? draft.type) as SpeechKind })}
        data={kindsOf(draft.role).map((value) => ({ value, label: t(`speech.types.${value}`) }))}
      />
      <TextInput
        mt="sm"
        type="url"
        label={t("models.url")}
        required={usual === undefined}
        placeholder={usual ?? SPEECH_KINDS[draft.type].example ?? ""}
        {...(usual ? { description: t("speech.usual_hint") } : {})}
        value={draft.url}
        onChange={(event) => change({ url: event.currentTarget.value })}
      />
      <KindFields draft={draft} change={change} />
      <SecretInput
        label={t("models.key")}
        description={t(service?.has_key ? "models.key_stays" : "models.key_hint")}
        value={draft.key}
        onChange={(key) => change({ key })}
      />
      <NumberInput
        mt="sm"
        label={t("speech.answer_ms")}
        description={t("speech.answer_hint")}
        min={100}
        max={10_000}
        step={100}
        value={draft.answerMs}
        onChange={(value) => change({ answerMs: Number(value) || 2_000 })}
      />
      <JsonInput
        mt="sm"
        autosize
        minRows={2}
        label={t("models.extra")}
        description={t("models.extra_hint")}
        validationError={t("agents.no_json")}
        value={draft.extra}
        onChange={(extra) => change({ extra })}
      />
    </Form>
  );
}

/** What only some kinds have to be told. */
function KindFields({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  const { needs } = SPEECH_KINDS[draft.type];
  return fieldsOf(draft.type, draft.role).map((field) => {
    switch (field) {
      case "sample_rate_hz":
        return (
          <Select
            key={field}
            mt="sm"
            clearable
            label={t("speech.fields.sample_rate_hz")}
            value={draft.sample_rate_hz || null}
            onChange={(value) => change({ sample_rate_hz: value ?? "" })}
            data={RATES.map(String)}
          />
        );
      case "format":
        return (
          <Select
            key={field}
            mt="sm"
            allowDeselect={false}
            label={t("speech.fields.format")}
            value={draft.format}
            onChange={(value) => change({ format: value === "wav" ? "wav" : "pcm" })}
            data={[
              { value: "pcm", label: "PCM" },
              { value: "wav", label: "WAV" },
            ]}
          />
        );
      case "model":
      case "voice":
      case "app_id":
      case "secret_id":
        return (
          <TextInput
            key={field}
            mt="sm"
            label={t(`speech.fields.${field}`)}
            required={needs.includes(field)}
            maxLength={200}
            value={draft[field]}
            onChange={(event) => change({ [field]: event.currentTarget.value })}
          />
        );
    }
  });
}

/** Has the service speak or listen once, and tells how long that took. */
function Try({ service }: { service: Service }) {
  const { t, i18n } = useTranslation();
  const instance = useInstance();
  const [language, setLanguage] = useState(i18n.language.startsWith("zh") ? "zh" : "en");
  const [text, setText] = useState("");
  const trial = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/v1/speech-services/{id}/test", {
          params: { path: { id: service.id }, query: { instance } },
          body: { language, text: text.trim() || null },
        }),
      ),
  });
  return (
    <>
      <p>{t(`speech.try_why.${service.role}`)}</p>
      <TextInput
        label={t("speech.text")}
        placeholder={language === "zh" ? "您好，这是一个测试。" : "Hello, this is a test."}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Select
        mt="sm"
        label={t("shell.language")}
        allowDeselect={false}
        value={language}
        onChange={(value) => setLanguage(value ?? "en")}
        data={[
          { value: "en", label: "English" },
          { value: "zh", label: "中文" },
        ]}
      />
      <Button mt="md" loading={trial.isPending} onClick={() => trial.mutate()}>
        {t("speech.try_now")}
      </Button>
      <FailedLine error={trial.error} />
      <div role="status">{trial.data && <Result trial={trial.data} role={service.role} />}</div>
    </>
  );
}

function Result({ trial, role }: { trial: Schema<"SpeechTrialView">; role: SpeechRole }) {
  const { t } = useTranslation();
  const ms = (value: number | null | undefined) => (value == null ? "–" : `${Math.round(value)} ms`);
  const heard = { name: t("speech.heard"), value: trial.heard || "–" };
  return (
    <>
      <p>
        <Badge tone={trial.fault ? "bad" : "ok"}>{t(trial.fault ? "speech.fails" : "speech.works")}</Badge>
      </p>
      <Facts
        items={[
          { name: t("speech.said"), value: trial.said },
          ...(role === "recognizer"
            ? [heard, { name: t("speech.partials"), value: t(trial.partials ? "models.yes" : "models.no") }]
            : [{ name: t("speech.whole"), value: ms(trial.whole_ms) }]),
          { name: t(`speech.latency.${role}`), value: ms(trial.latency_ms) },
          { name: t("speech.sound"), value: ms(trial.sound_ms) },
        ]}
      />
      {trial.fault && <p role="alert">{trial.fault}</p>}
    </>
  );
}
