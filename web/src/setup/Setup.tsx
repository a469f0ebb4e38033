// Set-up by the one-time link, step by step: an administrator instead of a default password,
// colleagues, a way to telephones, somebody who talks, a first call that is seen, and the keys.
// Every step but the first can be skipped; all of them stand in the console too.

import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { presentSession, signIn } from "../api/session";
import { SecretInput } from "../ui/Form";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { FailedLine } from "../ui/Page";
import { Agent, Colleagues, FirstCall, Keys, Lines } from "./steps";
import css from "./Setup.module.css";

/** The steps, in order. */
const STEPS = ["you", "colleagues", "lines", "agent", "call", "keys"] as const;

/** The link's token: it stands behind `#`, so that it reaches no log and no proxy. */
function token(): string {
  return location.hash.slice(1);
}

export function Setup() {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const [made, setMade] = useState<Schema<"SetupView">>();
  const [agent, setAgent] = useState<number>();
  // A reload in the middle goes on after the step that cannot be done twice.
  const session = useQuery({ queryKey: ["session"], queryFn: presentSession, retry: false, staleTime: Infinity });
  const isIn = made !== undefined || Boolean(session.data);
  const step = isIn ? (STEPS[Math.max(1, at)] ?? "keys") : "you";
  useEffect(() => {
    document.title = `${t(`setup.step.${step}`)} · ${t("setup.title")} · Switchboard`;
    document.getElementById("step")?.focus();
  }, [t, step]);
  const go = (to: (typeof STEPS)[number]) => setAt(STEPS.indexOf(to));
  const next = () => setAt(STEPS.indexOf(step) + 1);
  return (
    <main className={css["page"]}>
      <div className={css["card"]}>
        <div className={css["head"]}>
          <img src="/assets/icon.svg" alt="" width="40" height="40" />
          <strong>Switchboard</strong>
          <LanguageSwitch />
        </div>
        <Path step={step} />
        <h1 id="step" tabIndex={-1}>
          {t(step === "you" ? "setup.title" : `setup.step.${step}`)}
        </h1>
        <p className={css["intro"]}>{t(`setup.why.${step}`)}</p>
        {step === "you" && (
          <You
            onMade={(view) => {
              setMade(view);
              go("colleagues");
            }}
          />
        )}
        {step === "colleagues" && <Colleagues onNext={next} />}
        {step === "lines" && <Lines onNext={next} />}
        {step === "agent" && (
          <Agent
            onChosen={(id) => {
              setAgent(id);
              next();
            }}
          />
        )}
        {step === "call" && <FirstCall agent={agent} onNext={next} />}
        {step === "keys" && <Keys made={made} />}
      </div>
    </main>
  );
}

/** Where one is, in words too. */
function Path({ step }: { step: (typeof STEPS)[number] }) {
  const { t } = useTranslation();
  const now = STEPS.indexOf(step);
  return (
    <ol className={css["path"]} aria-label={t("setup.steps")}>
      {STEPS.map((one, idx) => (
        <li key={one} aria-current={one === step ? "step" : undefined} data-done={idx < now}>
          <span>{t(`setup.step.${one}`)}</span>
        </li>
      ))}
    </ol>
  );
}

function You({ onMade }: { onMade: (made: Schema<"SetupView">) => void }) {
  const { t, i18n } = useTranslation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [instance, setInstance] = useState("");
  const finish = useMutation({
    mutationFn: async () => {
      const administrator = { name, email, password, language: i18n.language === "zh" ? "zh-CN" : "en-US" };
      const body = { token: token(), administrator, ...(instance ? { instance_name: instance } : {}) };
      const made = await ask(api.POST("/setup", { body: body as Schema<"SetupBody"> }));
      // The link is used up: it shall not stay in the address.
      history.replaceState(null, "", location.pathname);
      await signIn(email, password);
      return made;
    },
    onSuccess: onMade,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    finish.mutate();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t("setup.name")}
        required
        maxLength={64}
        autoComplete="name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        type="email"
        label={t("sign_in.email")}
        description={t("setup.email_hint")}
        required
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <SecretInput
        kind="new-password"
        label={t("sign_in.password")}
        description={t("staff.password_hint")}
        required
        minLength={8}
        value={password}
        onChange={setPassword}
      />
      <TextInput
        mt="sm"
        label={t("setup.instance")}
        description={t("setup.instance_hint")}
        maxLength={64}
        value={instance}
        onChange={(event) => setInstance(event.currentTarget.value)}
      />
      <FailedLine error={finish.error} />
      <Button type="submit" mt="lg" size="md" loading={finish.isPending}>
        {t("setup.go")}
      </Button>
    </form>
  );
}
