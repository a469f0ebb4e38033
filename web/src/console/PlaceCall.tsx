// Places a call: who talks, who is called. Simulated people are reachable without a trunk.

import { Select, TextInput } from "@mantine/core";
import { IconPhonePlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { useAgents, useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Dialog, Form } from "../ui/Form";

/** The polite simulated person. */
const POLITE = "+12025550101";

export function PlaceCall(props: { agent?: number; label?: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Dialog
      label={props.label ?? t("place.open")}
      title={t("place.title")}
      icon={<IconPhonePlus size={18} aria-hidden="true" />}
    >
      {() => (
        <CallForm
          agent={props.agent}
          onPlaced={(id) => void navigate({ to: "/console/calls/$id", params: { id } })}
        />
      )}
    </Dialog>
  );
}

/** Asks who talks and who is called. */
export function CallForm(props: { agent: number | undefined; onPlaced: (id: string) => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const agents = useAgents();
  const [agent, setAgent] = useState(props.agent ? String(props.agent) : null);
  const [callee, setCallee] = useState(POLITE);
  const [name, setName] = useState("");
  const chosen = agent ?? (agents[0] ? String(agents[0].id) : null);
  const save = () =>
    ask(
      api.POST("/api/v1/calls", {
        params: { query: { instance } },
        body: {
          voice_agent: Number(chosen),
          callee: callee.trim(),
          variables: name ? { name } : {},
          callers: [],
          slot_wait_ms_max: 0,
        },
      }),
    );
  return (
    <Form
      save={save}
      stale={["calls"]}
      submit={t("place.go")}
      why={chosen ? undefined : t("campaign.no_agent")}
      onSaved={(call) => props.onPlaced(call.id)}
    >
      <Select
        label={t("place.agent")}
        required
        allowDeselect={false}
        value={chosen}
        onChange={setAgent}
        data={agents.map((one) => ({ value: String(one.id), label: one.name }))}
      />
      <TextInput
        mt="sm"
        label={t("place.callee")}
        description={t("place.callee_hint")}
        required
        value={callee}
        onChange={(event) => setCallee(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        label={t("place.name")}
        description={t("place.name_hint")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Form>
  );
}
