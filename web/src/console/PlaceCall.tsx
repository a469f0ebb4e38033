// Places a call: who talks, who is called. Simulated people are reachable without a trunk.

import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPhonePlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { FailedLine } from "../ui/Page";

/** The polite simulated person. */
const POLITE = "+12025550101";

export function PlaceCall(props: { agent?: number; label?: string }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconPhonePlus size={18} aria-hidden="true" />} onClick={open}>
        {props.label ?? t("place.open")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("place.title")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {opened && <Form agent={props.agent} />}
      </Modal>
    </>
  );
}

function Form(props: { agent: number | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const instance = useInstance();
  const [agent, setAgent] = useState(props.agent ? String(props.agent) : null);
  const [callee, setCallee] = useState(POLITE);
  const [name, setName] = useState("");
  const agents = useQuery({
    queryKey: ["agents", instance],
    enabled: instance !== undefined,
    queryFn: () => ask(api.GET("/api/v1/voice-agents", { params: { query: { instance, limit: 200 } } })),
  });
  const chosen = agent ?? (agents.data?.items[0] ? String(agents.data.items[0].id) : null);
  const place = useMutation({
    mutationFn: () =>
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
      ),
    onSuccess: (call) => void navigate({ to: "/console/calls/$id", params: { id: call.id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    place.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Select
        label={t("place.agent")}
        required
        allowDeselect={false}
        value={chosen}
        onChange={setAgent}
        data={(agents.data?.items ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
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
      <FailedLine error={place.error} />
      <Button type="submit" mt="md" loading={place.isPending} disabled={!chosen}>
        {t("place.go")}
      </Button>
    </form>
  );
}
