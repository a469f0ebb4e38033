// The rules for calls of an instance, as sentences with holes.

import { Checkbox, NumberInput, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useInstances, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Form } from "../ui/Form";
import { Failed, Waiting } from "../ui/Page";
import css from "./Rules.module.css";

type Body = Schema<"CallRulesBody">;
type Day = Schema<"Day">;

/** Days in the order of the calendar. */
export const DAYS: Day[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export function Rules() {
  const query = useOfInstance(["call rules"], (instance) =>
    ask(api.GET("/api/v1/call-rules", { params: { query: { instance } } })),
  );
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Editor key={JSON.stringify(query.data)} rules={query.data} />;
}

function Editor({ rules }: { rules: Body }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const zone = useInstances().data?.items.find((one) => one.id === instance)?.time_zone ?? "";
  const [draft, setDraft] = useState(rules);
  const change = (part: Partial<Body>) => setDraft((old) => ({ ...old, ...part }));
  const [areas, setAreas] = useState(rules.blind_areas.join("\n"));
  const save = () =>
    ask(
      api.PUT("/api/v1/call-rules", {
        params: { query: { instance } },
        body: { ...draft, blind_areas: areas.split(/[\s,]+/).filter(Boolean) },
      }),
    );
  return (
    <Form save={save} stale={["call rules"]} submit={t("staff.save")} done={t("chat.saved")}>
      <Hours rules={draft} change={change} zone={zone} />
      <Often
        label={t("rules.callee_per_day")}
        unit={t("rules.a_day")}
        value={draft.callee_per_day ?? undefined}
        beginning={3}
        onChange={(value) => change({ callee_per_day: value ?? null })}
      />
      <Window
        label={t("rules.callee_interval")}
        value={draft.callee_interval ?? undefined}
        beginning={{ calls_max: 1, window_second: 7_200 }}
        onChange={(value) => change({ callee_interval: value ?? null })}
      />
      <Window
        label={t("rules.caller_frequency")}
        value={draft.caller_frequency ?? undefined}
        beginning={{ calls_max: 50, window_second: 3_600 }}
        onChange={(value) => change({ caller_frequency: value ?? null })}
      />
      <Textarea
        mt="md"
        autosize
        minRows={2}
        label={t("rules.blind_areas")}
        description={t("rules.blind_areas_hint")}
        placeholder="8690"
        value={areas}
        onChange={(event) => setAreas(event.currentTarget.value)}
      />
    </Form>
  );
}

function Hours(props: { rules: Body; change: (part: Partial<Body>) => void; zone: string }) {
  const { t } = useTranslation();
  const hours = props.rules.working_hours;
  const set = (idx: number, part: Partial<Schema<"HoursBody">>) =>
    props.change({ working_hours: hours.map((one, at) => (at === idx ? { ...one, ...part } : one)) });
  return (
    <>
      <Switch
        label={t("rules.hours")}
        description={t("rules.hours_hint", { zone: props.zone })}
        checked={hours.length > 0}
        onChange={(event) =>
          props.change({
            working_hours: event.currentTarget.checked ? [{ days: DAYS, from: "09:00", to: "21:00" }] : [],
          })
        }
      />
      {hours.map((one, idx) => (
        <fieldset key={idx} className={css["hours"]}>
          <legend>{t("rules.stretch", { n: idx + 1 })}</legend>
          <Checkbox.Group
            aria-label={t("campaign.days")}
            value={one.days}
            onChange={(days) => set(idx, { days: DAYS.filter((day) => days.includes(day)) })}
          >
            <div className={css["days"]}>
              {DAYS.map((day) => (
                <Checkbox key={day} size="xs" value={day} label={t(`day.short.${day}`)} />
              ))}
            </div>
          </Checkbox.Group>
          <div className={css["pair"]}>
            <TextInput
              size="xs"
              type="time"
              required
              label={t("campaign.from")}
              value={one.from.slice(0, 5)}
              onChange={(event) => set(idx, { from: event.currentTarget.value })}
            />
            <TextInput
              size="xs"
              type={one.to.startsWith("24") ? "text" : "time"}
              required
              label={t("campaign.to")}
              value={one.to.slice(0, 5)}
              onChange={(event) => set(idx, { to: event.currentTarget.value })}
            />
          </div>
        </fieldset>
      ))}
    </>
  );
}

/** A limit that may be off. */
function Often(props: {
  label: string;
  unit: string;
  value: number | undefined;
  beginning: number;
  onChange: (value: number | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className={css["rule"]}>
      <Switch
        label={props.label}
        checked={props.value !== undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked ? props.beginning : undefined)}
      />
      {props.value !== undefined && (
        <div className={css["pair"]}>
          <NumberInput
            size="xs"
            min={1}
            label={t("rules.at_most")}
            description={props.unit}
            value={props.value}
            onChange={(value) => props.onChange(Number(value) || 1)}
          />
        </div>
      )}
    </div>
  );
}

/** So many calls in a sliding window, or no limit. */
function Window(props: {
  label: string;
  value: Schema<"CallsPerBody"> | undefined;
  beginning: Schema<"CallsPerBody">;
  onChange: (value: Schema<"CallsPerBody"> | undefined) => void;
}) {
  const { t } = useTranslation();
  const { value } = props;
  return (
    <div className={css["rule"]}>
      <Switch
        label={props.label}
        checked={value !== undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked ? props.beginning : undefined)}
      />
      {value && (
        <div className={css["pair"]}>
          <NumberInput
            size="xs"
            min={1}
            label={t("rules.at_most")}
            value={value.calls_max}
            onChange={(most) => props.onChange({ ...value, calls_max: Number(most) || 1 })}
          />
          <NumberInput
            size="xs"
            min={1}
            label={t("rules.in_minutes")}
            value={Math.max(1, Math.round(value.window_second / 60))}
            onChange={(minutes) => props.onChange({ ...value, window_second: (Number(minutes) || 1) * 60 })}
          />
        </div>
      )}
    </div>
  );
}
