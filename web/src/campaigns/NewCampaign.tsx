// A new campaign: who talks, whom to call, when, how often; what it will do is told before it begins.

import { Alert, Button, Checkbox, FileButton, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useInstance, useInstances } from "../api/instance";
import { ask } from "../api/problem";
import { DAYS } from "../console/Rules";
import { count } from "../i18n/format";
import { Form } from "../ui/Form";
import { Card, Page } from "../ui/Page";
import css from "./Campaigns.module.css";
import { AT_FIRST, parts, readList, type Listed } from "./list";

type Day = Schema<"Day">;


/** Outcomes that may make further tries useless. */
const OUTCOMES = ["no_answer", "busy", "rejected", "not_reachable", "empty_number", "call_failed"] as const;

/** Largest list that is read in the browser, in bytes. */
const LIST_BYTES_MAX = 20 * 1024 * 1024;

/** What is asked. */
interface Draft {
  name: string;
  agent: string | null;
  atOnce: number;
  days: Day[];
  from: string;
  to: string;
  attempts: number;
  everyMinutes: number;
  giveUpOn: string[];
  startNow: boolean;
}

const BEGINNING: Draft = {
  name: "",
  agent: null,
  atOnce: 10,
  days: DAYS.slice(0, 5),
  from: "09:00",
  to: "18:00",
  attempts: 3,
  everyMinutes: 60,
  giveUpOn: ["empty_number", "rejected"],
  startNow: true,
};

export function NewCampaign() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const instance = useInstance();
  const [draft, setDraft] = useState(BEGINNING);
  const [text, setText] = useState("");
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const countryCode = useInstances().data?.items.find((one) => one.id === instance)?.country_code ?? "";
  const list = useMemo(() => readList(text, countryCode), [text, countryCode]);
  const save = () => create(draft, list, instance);
  return (
    <Page title={t("campaign.new")} intro={t("campaign.new_intro")}>
      <Form
        save={save}
        stale={["campaigns"]}
        submit={t(draft.startNow ? "campaign.create_start" : "campaign.create_paused")}
        why={list.contacts.length === 0 ? t("campaign.nobody_listed") : draft.agent ? undefined : t("campaign.no_agent")}
        onSaved={(id) => void navigate({ to: "/console/campaigns/$id", params: { id } })}
      >
        <Who draft={draft} change={change} />
        <Whom text={text} onText={setText} list={list} />
        <When draft={draft} change={change} />
        <Again draft={draft} change={change} />
        <Review draft={draft} change={change} list={list} />
      </Form>
    </Page>
  );
}

/**
 * Makes it with its people: all of it or nothing. A list that is longer than one request may be makes
 * a paused campaign, which gets the others and goes then.
 */
async function create(draft: Draft, list: Listed, instance: number | undefined): Promise<string> {
  const query = { instance };
  const [first, others] = [list.contacts.slice(0, AT_FIRST), list.contacts.slice(AT_FIRST)];
  const body = { ...bodyOf(draft), contacts: first, paused: !draft.startNow || others.length > 0 };
  const { id } = await ask(api.POST("/api/v1/campaigns", { params: { query }, body }));
  const params = { path: { id }, query };
  for (const contacts of parts(others)) {
    await ask(api.POST("/api/v1/campaigns/{id}/contacts", { params, body: { contacts } }));
  }
  if (draft.startNow && others.length > 0) await ask(api.POST("/api/v1/campaigns/{id}/resume", { params }));
  return id;
}

function bodyOf(draft: Draft): Schema<"CampaignBody"> {
  return {
    name: draft.name,
    voice_agent: Number(draft.agent),
    at_once: draft.atOnce,
    description: "",
    callers: [],
    recall_callers: [],
    is_urgent: false,
    schedule: {
      from: null,
      to: null,
      days_of_month: [],
      days_of_week: draft.days,
      hours: draft.from && draft.to ? [{ from: draft.from, to: draft.to }] : [],
      time_zone: null,
    },
    retry: {
      attempts_max: draft.attempts,
      attempts_per_day_max: Math.min(draft.attempts, 100),
      interval_second: draft.everyMinutes * 60,
      give_up_on: draft.giveUpOn,
      again_on: [],
    },
  };
}

interface PartProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

function Who({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const agents = useAgents();
  return (
    <Card title={t("campaign.who")}>
      <div className={css["row"]}>
        <TextInput
          label={t("campaign.name")}
          required
          maxLength={128}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Select
          label={t("call.agent")}
          required
          allowDeselect={false}
          value={draft.agent}
          onChange={(agent) => change({ agent })}
          data={agents.map((one) => ({ value: String(one.id), label: one.name }))}
        />
        <NumberInput
          label={t("campaign.at_once")}
          min={1}
          max={1000}
          value={draft.atOnce}
          onChange={(value) => change({ atOnce: Number(value) || 1 })}
        />
      </div>
    </Card>
  );
}

function Whom(props: { text: string; onText: (text: string) => void; list: Listed }) {
  const { t } = useTranslation();
  const [tooLarge, setTooLarge] = useState(false);
  const read = async (file: File | null) => {
    if (!file) return;
    setTooLarge(file.size > LIST_BYTES_MAX);
    if (file.size <= LIST_BYTES_MAX) props.onText(await file.text());
  };
  return (
    <Card
      title={t("campaign.whom")}
      actions={
        <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void read(file)}>
          {(button) => (
            <Button {...button} size="xs" variant="default" leftSection={<IconUpload size={16} aria-hidden="true" />}>
              {t("campaign.file")}
            </Button>
          )}
        </FileButton>
      }
    >
      {tooLarge && <Alert color="red">{t("campaign.file_too_large")}</Alert>}
      <Textarea
        autosize
        minRows={5}
        maxRows={12}
        spellCheck={false}
        label={t("campaign.list")}
        description={t("campaign.list_hint")}
        placeholder={"name,phone,day\nMs Lin,+12025550101,Tuesday"}
        value={props.text}
        onChange={(event) => props.onText(event.currentTarget.value)}
      />
      <Found list={props.list} />
    </Card>
  );
}

/** What was understood of a list. */
export function Found({ list }: { list: Listed }) {
  const { t, i18n } = useTranslation();
  if (list.contacts.length + list.wrong.length === 0) return null;
  const n = (value: number) => count(value, i18n.language);
  return (
    <div role="status">
      <p className={css["count"]}>
        <strong>{t("campaign.found", { count: list.contacts.length, n: n(list.contacts.length) })}</strong>{" "}
        {list.variables.length > 0 && t("campaign.found_variables", { names: list.variables.join(", ") })}{" "}
        {list.n_repeated > 0 && t("campaign.found_repeated", { n: n(list.n_repeated) })}{" "}
        {list.n_national > 0 && t("campaign.found_national", { n: n(list.n_national) })}
      </p>
      {list.wrong.length > 0 && (
        <>
          <p>{t("campaign.found_wrong", { n: n(list.wrong.length) })}</p>
          <ul className={css["wrong"]}>
            {list.wrong.slice(0, 5).map(({ line, text }) => (
              <li key={line}>{t("campaign.wrong_line", { line, text })}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function When({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const instance = useInstance();
  const zone = useInstances().data?.items.find((one) => one.id === instance)?.time_zone ?? "";
  return (
    <Card title={t("campaign.when")}>
      <Checkbox.Group
        label={t("campaign.days")}
        description={t("campaign.days_hint", { zone })}
        value={draft.days}
        onChange={(days) => change({ days: DAYS.filter((day) => days.includes(day)) })}
      >
        <div className={css["days"]}>
          {DAYS.map((day) => (
            <Checkbox key={day} value={day} label={t(`day.${day}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <div className={css["row"]}>
        <TextInput
          mt="sm"
          type="time"
          label={t("campaign.from")}
          value={draft.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          mt="sm"
          type="time"
          label={t("campaign.to")}
          value={draft.to}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
      </div>
    </Card>
  );
}

function Again({ draft, change }: PartProps) {
  const { t } = useTranslation();
  return (
    <Card title={t("campaign.again")}>
      <div className={css["row"]}>
        <NumberInput
          label={t("campaign.attempts_max")}
          min={1}
          max={1000}
          value={draft.attempts}
          onChange={(value) => change({ attempts: Number(value) || 1 })}
        />
        <NumberInput
          label={t("campaign.every_minutes")}
          min={0}
          max={10_080}
          value={draft.everyMinutes}
          onChange={(value) => change({ everyMinutes: Number(value) || 0 })}
        />
      </div>
      <Checkbox.Group
        mt="sm"
        label={t("campaign.give_up_on")}
        value={draft.giveUpOn}
        onChange={(giveUpOn) => change({ giveUpOn })}
      >
        <div className={css["days"]}>
          {OUTCOMES.map((outcome) => (
            <Checkbox key={outcome} value={outcome} label={t(`campaign.outcome.${outcome}`)} />
          ))}
        </div>
      </Checkbox.Group>
    </Card>
  );
}

function Review({ draft, change, list }: PartProps & { list: Listed }) {
  const { t } = useTranslation();
  return (
    <Card title={t("campaign.review")}>
      <p>
        {t("campaign.review_text", {
          people: list.contacts.length,
          atOnce: draft.atOnce,
          most: list.contacts.length * draft.attempts,
        })}
      </p>
      <Switch
        label={t("campaign.start_now")}
        checked={draft.startNow}
        onChange={(event) => change({ startNow: event.currentTarget.checked })}
      />
    </Card>
  );
}
