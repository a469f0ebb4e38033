// What a number does: who answers calls to it, and whether it may be shown.

import { Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Form } from "../ui/Form";
import { useGroups } from "./StaffPage";

type NumberView = Schema<"NumberView">;

/** Puts a number on a trunk, or changes what one does. */
export function NumberForm(props: { trunk: number; present?: NumberView; onSaved: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const agents = useAgents();
  const groups = useGroups().filter((group) => group.kind === "phone");
  const { present } = props;
  const [number, setNumber] = useState("");
  const [answerer, setAnswerer] = useState(present ? answererOf(present) : null);
  const [outbound, setOutbound] = useState(present?.outbound ?? true);
  const [enabled, setEnabled] = useState(present?.enabled ?? true);
  const save = () => {
    const [kind, id] = answerer?.split(":") ?? [];
    const what = {
      outbound,
      enabled,
      inbound_agent: kind === "agent" ? Number(id) : null,
      inbound_group: kind === "group" ? Number(id) : null,
    };
    if (present) {
      const params = { path: { number: present.number } };
      return ask(api.PATCH("/api/v1/numbers/{number}", { params, body: what }));
    }
    const body = { ...what, number, trunk: props.trunk, instance: instance ?? 0 };
    return ask(api.POST("/api/v1/numbers", { body }));
  };
  return (
    <Form
      save={save}
      stale={["trunks"]}
      submit={t(present ? "action.save" : "action.create")}
      onSaved={props.onSaved}
    >
      {!present && (
        <TextInput
          label={t("numbers.number")}
          placeholder="+861012345678"
          required
          value={number}
          onChange={(e) => setNumber(e.currentTarget.value)}
        />
      )}
      <Select
        mt="sm"
        label={t("numbers.inbound_agent")}
        description={t("numbers.inbound_hint")}
        placeholder={t("numbers.nobody")}
        clearable
        data={[
          {
            group: t("nav.agents"),
            items: agents.map((one) => ({ value: `agent:${one.id}`, label: one.name })),
          },
          {
            group: t("nav.groups"),
            items: groups.map((one) => ({ value: `group:${one.id}`, label: one.name })),
          },
        ]}
        value={answerer}
        onChange={setAnswerer}
      />
      <Switch
        mt="sm"
        label={t("numbers.outbound")}
        checked={outbound}
        onChange={(e) => setOutbound(e.currentTarget.checked)}
      />
      {present && (
        <Switch
          mt="sm"
          label={t("numbers.enabled")}
          checked={enabled}
          onChange={(e) => setEnabled(e.currentTarget.checked)}
        />
      )}
    </Form>
  );
}

function answererOf(number: NumberView): string | null {
  if (number.inbound_agent) return `agent:${number.inbound_agent}`;
  return number.inbound_group ? `group:${number.inbound_group}` : null;
}
