// How callers wait for a skill group, and where they go who wait in vain.

import { NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { useGroups } from "./StaffPage";

export type Queue = Schema<"QueueBody">;

/** As the server has it by default. */
export const USUAL_QUEUE: Queue = {
  wait_max_second: 120,
  waiting_max: 100,
  nobody_there: "hang_up",
  full: "hang_up",
  late: "hang_up",
  service_time_second: 20,
};

const REASONS = ["nobody_there", "full", "late"] as const;

export function QueueFields(props: { value: Queue; onChange: (value: Queue) => void; group?: number | undefined }) {
  const { t } = useTranslation();
  const { value, onChange } = props;
  const sounds = useOfInstance(["sounds", "all"], (instance) =>
    ask(api.GET("/api/v1/sounds", { params: { query: { instance, limit: 200 } } })),
  );
  const heard = (sounds.data?.items ?? []).map((one) => ({ value: String(one.id), label: one.name }));
  const amount = (field: "wait_max_second" | "waiting_max" | "service_time_second", min: number, max: number) => (
    <NumberInput
      mt="sm"
      label={t(`queue.${field}`)}
      min={min}
      max={max}
      value={value[field]}
      onChange={(one) => onChange({ ...value, [field]: Number(one) })}
    />
  );
  const sound = (field: "music" | "announcement") => (
    <Select
      mt="sm"
      clearable
      label={t(`queue.${field}`)}
      placeholder={t(`queue.no_${field}`)}
      data={heard}
      value={value[field] ? String(value[field]) : null}
      onChange={(id) => onChange({ ...value, [field]: id ? Number(id) : null })}
    />
  );
  return (
    <>
      {amount("wait_max_second", 5, 3600)}
      {amount("waiting_max", 1, 1000)}
      {REASONS.map((reason) => (
        <OverflowSelect
          key={reason}
          label={t(`queue.${reason}`)}
          value={value[reason]}
          but={props.group}
          onChange={(to) => onChange({ ...value, [reason]: to })}
        />
      ))}
      {sound("music")}
      {sound("announcement")}
      {amount("service_time_second", 1, 600)}
    </>
  );
}

/** Where a caller goes: nowhere, to a voice agent, or to another group. */
function OverflowSelect(props: {
  label: string;
  value: string;
  but?: number | undefined;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const agents = useAgents();
  const groups = useGroups().filter((one) => one.kind === "phone" && one.id !== props.but);
  return (
    <Select
      mt="sm"
      allowDeselect={false}
      label={props.label}
      value={props.value}
      onChange={(chosen) => props.onChange(chosen ?? "hang_up")}
      data={[
        { value: "hang_up", label: t("queue.hang_up") },
        {
          group: t("queue.to_agent"),
          items: agents.map((one) => ({ value: `voice_agent:${one.id}`, label: one.name })),
        },
        {
          group: t("queue.to_group"),
          items: groups.map((one) => ({ value: `skill_group:${one.id}`, label: one.name })),
        },
      ]}
    />
  );
}
