// What can be done in a call that runs: hand the person over, bring somebody in, listen in, put on hold.

import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Dialog, Form, useAct } from "../ui/Form";
import { Badge, Card, FailedLine, parts as css } from "../ui/Page";
import { useSession } from "../ui/start";
import { Hold } from "./Hold";
import { canHold } from "./holds";
import type { CallEvent } from "./story";

type Call = Schema<"CallView">;
type Party = Call["parties"][number];
type Mode = "listen" | "whisper" | "barge";

const MODES: Mode[] = ["listen", "whisper", "barge"];

export function Control({ call, events }: { call: Call; events: CallEvent[] }) {
  const { t } = useTranslation();
  const permissions = useSession()?.permissions ?? [];
  const mayControl = permissions.includes("control_calls");
  const mayListen = permissions.includes("listen_in");
  if (!mayControl && !mayListen) return null;
  const isUp = call.state === "up";
  const why = isUp ? undefined : t("control.not_up");
  const parties = call.parties.filter((party) => !party.left_at);
  return (
    <Card
      title={t("control.title")}
      actions={
        <>
          {mayControl && (
            <>
              <Dialog size="xs" variant="default" label={t("control.transfer")} why={why}>
                {(close) => <TargetForm call={call} act="transfer" onDone={close} />}
              </Dialog>
              <Dialog size="xs" variant="default" label={t("control.invite")} why={why}>
                {(close) => <TargetForm call={call} act="invite" onDone={close} />}
              </Dialog>
            </>
          )}
          {mayListen && (
            <Dialog size="xs" variant="default" label={t("control.listen")} why={why}>
              {(close) => <ListenForm call={call} onDone={close} />}
            </Dialog>
          )}
        </>
      }
    >
      {mayControl && canHold(call) && (
        <ul className={css["lines"]}>
          <Hold call={call} events={events} side="user" />
          <Hold call={call} events={events} side="staff" />
        </ul>
      )}
      {parties.length === 0 ? (
        <p>{t("control.nobody")}</p>
      ) : (
        <ul className={css["lines"]}>
          {parties.map((party) => (
            <OneParty key={party.leg} call={call} party={party} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function OneParty({ call, party }: { call: Call; party: Party }) {
  const { t } = useTranslation();
  const path = { id: call.id, leg: String(party.leg) };
  const isListener = party.role !== "participant";
  const leave = useAct(
    () =>
      isListener
        ? ask(api.DELETE("/api/v1/calls/{id}/listeners/{leg}", { params: { path } }))
        : ask(api.DELETE("/api/v1/calls/{id}/participants/{leg}", { params: { path } })),
    ["call", call.id],
  );
  const change = useAct(
    (mode: Mode) => ask(api.PUT("/api/v1/calls/{id}/listeners/{leg}", { params: { path }, body: { mode } })),
    ["call", call.id],
  );
  const who = party.server ? [party.server.name, party.server.address].filter(Boolean).join(" ") : "…";
  return (
    <li>
      <strong>{who}</strong>{" "}
      <Badge tone={party.joined_at ? "ok" : "info"}>
        {party.joined_at ? t(`control.role.${party.role}`) : t("control.rings")}
      </Badge>{" "}
      {isListener && party.joined_at && (
        <SegmentedControl
          size="xs"
          aria-label={t("control.mode")}
          value={party.role}
          onChange={(mode) => change.mutate(MODES.find((one) => one === mode) ?? "listen")}
          data={MODES.map((mode) => ({ value: mode, label: t(`control.role.${mode}`) }))}
        />
      )}{" "}
      <Button size="compact-xs" variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
        {t(isListener ? "control.stop" : "control.dismiss")}
      </Button>
      <FailedLine error={leave.error ?? change.error} />
    </li>
  );
}

/** Asks for somebody: who takes the person over, or joins them. */
function TargetForm({ call, act, onDone }: { call: Call; act: "transfer" | "invite"; onDone: () => void }) {
  const { t } = useTranslation();
  const [target, setTarget] = useState("");
  const known = useTargets();
  const params = { path: { id: call.id } };
  const save = async (): Promise<void> => {
    const body = { target };
    if (act === "transfer") await ask(api.POST("/api/v1/calls/{id}/transfer", { params, body }));
    else await ask(api.POST("/api/v1/calls/{id}/participants", { params, body }));
  };
  return (
    <Form save={save} stale={["call", call.id]} submit={t(`control.${act}`)} onSaved={onDone}>
      <Select
        searchable
        clearable
        label={t("control.known")}
        data={known}
        value={known.some((one) => one.items.some((item) => item.value === target)) ? target : null}
        onChange={(chosen) => setTarget(chosen ?? "")}
      />
      <TextInput
        mt="sm"
        required
        maxLength={256}
        label={t("control.target")}
        description={t("control.target_hint")}
        value={target}
        onChange={(event) => setTarget(event.currentTarget.value)}
      />
    </Form>
  );
}

/** Skill groups and telephones of the instance, as targets. */
function useTargets() {
  const { t } = useTranslation();
  const groups = useOfInstance(["groups"], (instance) =>
    ask(api.GET("/api/v1/skill-groups", { params: { query: { instance, limit: 200 } } })),
  );
  const phones = useExtensions();
  return [
    {
      group: t("nav.groups"),
      items: (groups.data?.items ?? [])
        .filter((one) => one.kind === "phone")
        .map((one) => ({ value: `skill_group:${one.id}`, label: one.name })),
    },
    {
      group: t("nav.phones"),
      items: phones.map((one) => ({ value: `extension:${one.number}`, label: `${one.number} ${one.name}` })),
    },
  ];
}

function useExtensions() {
  const query = useOfInstance(["extensions"], (instance) =>
    ask(api.GET("/api/v1/extensions", { params: { query: { instance, limit: 200 } } })),
  );
  return query.data?.items ?? [];
}

function ListenForm({ call, onDone }: { call: Call; onDone: () => void }) {
  const { t } = useTranslation();
  const phones = useExtensions();
  const [extension, setExtension] = useState<string | null>(null);
  const [mode, setMode] = useState<Mode>("listen");
  const save = () =>
    ask(
      api.POST("/api/v1/calls/{id}/listeners", {
        params: { path: { id: call.id } },
        body: { mode, ...(extension ? { extension } : {}) },
      }),
    );
  return (
    <Form save={save} stale={["call", call.id]} submit={t("control.listen")} onSaved={onDone}>
      <Select
        clearable
        label={t("control.extension")}
        description={t("control.extension_hint")}
        placeholder={t("control.own_extension")}
        data={phones.map((one) => ({ value: one.number, label: `${one.number} ${one.name}` }))}
        value={extension}
        onChange={setExtension}
      />
      <Select
        mt="sm"
        allowDeselect={false}
        label={t("control.mode")}
        data={MODES.map((value) => ({ value, label: t(`control.role.${value}`) }))}
        value={mode}
        onChange={(chosen) => setMode(MODES.find((one) => one === chosen) ?? "listen")}
      />
    </Form>
  );
}
