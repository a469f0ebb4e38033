// The steps of set-up after the first one. Each uses what the console has for the same thing.

import { Alert, Button, Tabs } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useAgents, useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { useCall, useCallEvents } from "../call/data";
import { tell } from "../call/story";
import { Transcript } from "../call/Transcript";
import { Outcome } from "../call/words";
import { CallForm } from "../console/PlaceCall";
import { PersonForm } from "../console/StaffPage";
import { TEMPLATES, type Template } from "../console/templates";
import { NumberForm } from "../console/NumberForm";
import { TrunkForm } from "../console/TrunkForm";
import { events } from "../live/stream";
import { Code } from "../ui/ApiDrawer";
import { Dialog, useAct } from "../ui/Form";
import { Badge, FailedLine, parts } from "../ui/Page";
import css from "./Setup.module.css";

/** Goes on; `skip` while nothing was done in the step. */
function Onward(props: { onNext: () => void; isDone: boolean; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <p className={css["onward"]}>
      {props.children}
      <Button variant={props.isDone ? "filled" : "default"} onClick={props.onNext}>
        {t(props.isDone ? "setup.next" : "setup.skip")}
      </Button>
    </p>
  );
}

export function Colleagues({ onNext }: { onNext: () => void }) {
  const { t } = useTranslation();
  const staff = useOfInstance(["staff", "all"], (instance) =>
    ask(api.GET("/api/v1/staff", { params: { query: { instance, limit: 200 } } })),
  );
  const people = staff.data?.items ?? [];
  return (
    <>
      <ul className={parts["lines"]}>
        {people.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong> {one.email}{" "}
            {one.roles.map((role) => (
              <Badge key={role}>{t(`role.${role}`)}</Badge>
            ))}
          </li>
        ))}
      </ul>
      <Onward onNext={onNext} isDone={people.length > 1}>
        <Dialog variant={people.length > 1 ? "default" : "filled"} label={t("staff.new")}>
          {(close) => <PersonForm person={undefined} onDone={close} />}
        </Dialog>
      </Onward>
    </>
  );
}

export function Lines({ onNext }: { onNext: () => void }) {
  const { t } = useTranslation();
  const [trunk, setTrunk] = useState<Schema<"TrunkView">>();
  const [hasNumber, setHasNumber] = useState(false);
  return (
    <>
      <section className={css["choice"]}>
        <h2>{t("setup.simulated")}</h2>
        <p>{t("setup.simulated_why")}</p>
      </section>
      <section className={css["choice"]}>
        <h2>{t("setup.carrier")}</h2>
        <p>{t("setup.carrier_why")}</p>
        {trunk ? (
          <p role="status">
            <Badge tone="ok">{trunk.name}</Badge> {trunk.host}
          </p>
        ) : (
          <Dialog variant="default" label={t("trunks.new")}>
            {(close) => (
              <TrunkForm
                onSaved={(made) => {
                  setTrunk(made);
                  close();
                }}
              />
            )}
          </Dialog>
        )}
        {trunk && !hasNumber && (
          <Dialog variant="default" label={t("numbers.new")}>
            {(close) => (
              <NumberForm
                trunk={trunk.id}
                onSaved={() => {
                  setHasNumber(true);
                  close();
                }}
              />
            )}
          </Dialog>
        )}
        {hasNumber && <p role="status">{t("setup.number_added")}</p>}
      </section>
      <p className={css["onward"]}>
        <Button onClick={onNext}>{t(trunk ? "setup.next" : "setup.use_simulated")}</Button>
      </p>
    </>
  );
}

export function Agent({ onChosen }: { onChosen: (id: number) => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const agents = useAgents();
  const create = useAct(
    (template: Template) =>
      ask(
        api.POST("/api/v1/voice-agents", {
          params: { query: { instance } },
          body: { name: t(`template.${template.name}`), definition: template.definition },
        }),
      ),
    ["agents"],
    (agent) => onChosen(agent.id),
  );
  return (
    <>
      <FailedLine error={create.error} />
      <ul className={css["choices"]}>
        {agents.map((agent) => (
          <li key={agent.id}>
            <Button fullWidth variant="default" onClick={() => onChosen(agent.id)}>
              {agent.name}
            </Button>
          </li>
        ))}
      </ul>
      <h2>{t("setup.from_template")}</h2>
      <ul className={css["choices"]}>
        {TEMPLATES.map((template) => (
          <li key={template.name}>
            <Button
              fullWidth
              variant="default"
              loading={create.isPending && create.variables === template}
              onClick={() => create.mutate(template)}
            >
              {t(`template.${template.name}`)}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function FirstCall({ agent, onNext }: { agent: number | undefined; onNext: () => void }) {
  const { t } = useTranslation();
  const [call, setCall] = useState("");
  useEffect(() => events.start(), []);
  return (
    <>
      {call ? <Running id={call} /> : <CallForm agent={agent} onPlaced={setCall} />}
      <Onward onNext={onNext} isDone={call !== ""}>
        {call && (
          <Button component="a" variant="default" href={`/console/calls/${call}`} target="_blank">
            {t("setup.see_call")}
          </Button>
        )}
      </Onward>
    </>
  );
}

/** The call as it goes: state, words, how long each reply took. */
function Running({ id }: { id: string }) {
  const call = useCall(id);
  const journal = useCallEvents(id);
  return (
    <>
      <p role="status">{call.data && <Outcome state={call.data.state} cause={call.data.cause} />}</p>
      <FailedLine error={call.error ?? journal.error} />
      {journal.data && <Transcript story={tell(journal.data)} atMs={0} />}
    </>
  );
}

export function Keys({ made }: { made: Schema<"SetupView"> | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      {made ? (
        <>
          <Alert color="blue" variant="outline" title={t("keys.shown_once")} mb="md">
            <Code
              text={[
                `SdkAppId=${made.instance}`,
                `SecretId=${made.secret_id}`,
                `SecretKey=${made.secret_key}`,
                `SWITCHBOARD_TOKEN=${made.token}`,
              ].join("\n")}
            />
          </Alert>
          <h2>{t("setup.first_call")}</h2>
          <Tabs defaultValue={made.snippets[0]?.title ?? ""} keepMounted={false}>
            <Tabs.List>
              {made.snippets.map((snippet) => (
                <Tabs.Tab key={snippet.title} value={snippet.title}>
                  {snippet.title}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {made.snippets.map((snippet) => (
              <Tabs.Panel key={snippet.title} value={snippet.title} pt="sm">
                <Code text={snippet.text} />
              </Tabs.Panel>
            ))}
          </Tabs>
        </>
      ) : (
        <p>
          {t("setup.keys_gone")} <a href="/console/keys">{t("nav.keys")}</a>
        </p>
      )}
      <a className={css["go"]} href="/console">
        {t("setup.open_console")}
      </a>
    </>
  );
}
