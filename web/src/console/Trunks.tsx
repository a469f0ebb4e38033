// Trunks and their numbers: where calls go, and what each number does, in a sentence.

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { Dialog, useAct } from "../ui/Form";
import { Badge, Card, Empty, Facts, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { NumberForm } from "./NumberForm";
import { useGroups } from "./StaffPage";
import { TrunkForm } from "./TrunkForm";

type TrunkView = Schema<"TrunkView">;
type NumberView = Schema<"NumberView">;

export function Trunks() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["trunks"],
    // How they are changes by itself.
    refetchInterval: 5_000,
    queryFn: () => ask(api.GET("/api/v1/trunks", { params: { query: { limit: 200 } } })),
  });
  return (
    <Page title={t("nav.trunks")} intro={t("trunks.intro")} actions={<NewTrunk />}>
      {query.isPending && <Waiting />}
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data?.total === 0 && (
        <Card>
          <Empty
            title={t("trunks.none")}
            text={t("trunks.none_why")}
            action={<NewTrunk />}
            command="switchboard trunk add carrier --host sip.carrier.example"
          />
        </Card>
      )}
      {query.data?.items.map((trunk) => (
        <Trunk key={trunk.id} trunk={trunk} />
      ))}
    </Page>
  );
}

const CIRCUITS = { closed: "ok", open: "bad", unknown: "plain" } as const;
const REGISTRATIONS = { registered: "ok", refused: "bad", silent: "bad", unknown: "plain" } as const;

/** Whether calls go through, and whether the carrier knows us. Nobody asks simulated trunks. */
function Health({ trunk }: { trunk: TrunkView }) {
  const { t } = useTranslation();
  if (trunk.simulated || !trunk.enabled) return null;
  const { registration } = trunk;
  return (
    <>
      <Badge tone={CIRCUITS[trunk.circuit]}>{t(`trunks.circuit.${trunk.circuit}`)}</Badge>
      {registration && (
        <Badge tone={REGISTRATIONS[registration.state]}>
          {t(`trunks.registration.${registration.state}`, {
            status: registration.state === "refused" ? registration.status : "",
          })}
        </Badge>
      )}
    </>
  );
}

/** Since when it is so, and when the trunk last answered. */
function healthFacts(trunk: TrunkView, t: TFunction, language: string) {
  if (trunk.simulated || !trunk.enabled) return [];
  const at = (time: string | null | undefined) => (time ? moment(time, language) : "–");
  return [
    { name: t("trunks.circuit_since"), value: at(trunk.circuit_since) },
    { name: t("trunks.answered_at"), value: trunk.answered_at ? at(trunk.answered_at) : t("trunks.never_answered") },
  ];
}

/** Calls that hold a channel of the trunk now. */
function useChannels(trunk: number): number | undefined {
  const overview = useOfInstance(
    ["overview"],
    (instance) => ask(api.GET("/api/v1/overview", { params: { query: { instance } } })),
    { refetchInterval: 5_000 },
  );
  return overview.data?.trunks.find((one) => one.id === trunk)?.channels;
}

function Trunk({ trunk }: { trunk: TrunkView }) {
  const { t, i18n } = useTranslation();
  const used = useChannels(trunk.id);
  const id = { path: { id: trunk.id } };
  const patch = useAct(
    (enabled: boolean) => ask(api.PATCH("/api/v1/trunks/{id}", { params: id, body: { enabled } })),
    ["trunks"],
  );
  const remove = useAct(() => ask(api.DELETE("/api/v1/trunks/{id}", { params: id })), ["trunks"]);
  return (
    <section className={css["card"]}>
      <div className={css["head"]}>
        <h2 className={css["cardTitle"]}>{trunk.name}</h2>
        <Badge tone={trunk.enabled ? "ok" : "warn"}>{t(trunk.enabled ? "trunks.on" : "trunks.off")}</Badge>
        {trunk.simulated && <Badge tone="info">{t("trunks.simulated")}</Badge>}
        <Health trunk={trunk} />
        <div className={css["actions"]}>
          <Dialog size="xs" variant="default" label={t("action.edit")} title={trunk.name}>
            {(close) => <TrunkForm present={trunk} onSaved={close} />}
          </Dialog>
          <Button
            size="xs"
            variant="default"
            loading={patch.isPending}
            onClick={() => patch.mutate(!trunk.enabled)}
          >
            {t(trunk.enabled ? "trunks.switch_off" : "trunks.switch_on")}
          </Button>
          <Confirm
            label={t("trunks.remove")}
            question={t("trunks.remove_question", { name: trunk.name, count: trunk.numbers.length })}
            onConfirm={() => remove.mutate()}
          />
        </div>
      </div>
      <FailedLine error={patch.error ?? remove.error} />
      {trunk.circuit === "open" && <p role="status">{t("trunks.open_why")}</p>}
      <Facts
        items={[
          { name: t("trunks.peer"), value: `${trunk.host}:${trunk.port} ${trunk.transport}` },
          { name: t("trunks.user"), value: trunk.user ?? t("trunks.no_user") },
          {
            name: t("trunks.channels"),
            value: used === undefined ? String(trunk.channels_max) : `${used} / ${trunk.channels_max}`,
            tone: used !== undefined && used >= trunk.channels_max ? "warn" : "plain",
          },
          { name: t("trunks.cps"), value: String(trunk.calls_per_second_max) },
          { name: t("trunks.codecs"), value: trunk.codecs.join(", ") },
          { name: t("encryption.label"), value: t(`encryption.${trunk.encryption ?? "off"}`) },
          ...healthFacts(trunk, t, i18n.language),
        ]}
      />
      <ul className={css["lines"]}>
        {trunk.numbers.map((number) => (
          <OneNumber key={number.number} trunk={trunk.id} number={number} />
        ))}
      </ul>
      <NewNumber trunk={trunk.id} />
    </section>
  );
}

function OneNumber({ trunk, number }: { trunk: number; number: NumberView }) {
  const { t } = useTranslation();
  const agents = useAgents();
  const groups = useGroups();
  const remove = useAct(
    () => ask(api.DELETE("/api/v1/numbers/{number}", { params: { path: { number: number.number } } })),
    ["trunks"],
  );
  const agent = agents.find((one) => one.id === number.inbound_agent)?.name ?? number.inbound_agent;
  const group = groups.find((one) => one.id === number.inbound_group)?.name ?? number.inbound_group;
  return (
    <li>
      <strong className="number">{number.number}</strong>{" "}
      {agent && t("numbers.answered_by", { agent })}
      {!agent && (group ? t("numbers.answered_by_group", { group }) : t("numbers.answered_by_nobody"))}{" "}
      {t(number.outbound ? "numbers.may_be_shown" : "numbers.is_not_shown")}{" "}
      {!number.enabled && <Badge tone="warn">{t("trunks.off")}</Badge>}{" "}
      <Dialog size="compact-xs" variant="default" label={t("action.edit")} title={number.number}>
        {(close) => <NumberForm trunk={trunk} present={number} onSaved={close} />}
      </Dialog>{" "}
      <Confirm
        size="compact-xs"
        label={t("numbers.remove")}
        question={t("numbers.remove_question", { number: number.number })}
        onConfirm={() => remove.mutate()}
      />
      <FailedLine error={remove.error} />
    </li>
  );
}

function NewTrunk() {
  const { t } = useTranslation();
  return (
    <Dialog label={t("trunks.new")} icon={<IconPlus size={18} aria-hidden="true" />}>
      {(close) => <TrunkForm onSaved={close} />}
    </Dialog>
  );
}

function NewNumber({ trunk }: { trunk: number }) {
  const { t } = useTranslation();
  return (
    <Dialog size="xs" variant="default" label={t("numbers.new")}>
      {(close) => <NumberForm trunk={trunk} onSaved={close} />}
    </Dialog>
  );
}
