// Set-up by the one-time link: an administrator instead of a default password, then keys that are
// shown once, with programs that use them.

import { Alert, Button, PasswordInput, Tabs, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { Code } from "../ui/ApiDrawer";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { FailedLine } from "../ui/Page";
import css from "./Setup.module.css";

/** The link's token: it stands behind `#`, so that it reaches no log and no proxy. */
function token(): string {
  return location.hash.slice(1);
}

export function Setup() {
  const { t } = useTranslation();
  const [made, setMade] = useState<Schema<"SetupView">>();
  useEffect(() => {
    document.title = `${t("setup.title")} · Switchboard`;
  }, [t]);
  return (
    <main className={css["page"]}>
      <div className={css["card"]}>
        <div className={css["head"]}>
          <img src="/assets/icon.svg" alt="" width="40" height="40" />
          <strong>Switchboard</strong>
          <LanguageSwitch />
        </div>
        {made ? <Done made={made} /> : <Begin onMade={setMade} />}
      </div>
    </main>
  );
}

function Begin({ onMade }: { onMade: (made: Schema<"SetupView">) => void }) {
  const { t, i18n } = useTranslation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [instance, setInstance] = useState("");
  const finish = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/setup", {
          body: {
            token: token(),
            administrator: {
              name,
              email,
              password,
              language: i18n.language === "zh" ? "zh-CN" : "en-US",
            },
            ...(instance ? { instance_name: instance } : {}),
          } as Schema<"SetupBody">,
        }),
      ),
    onSuccess: onMade,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    finish.mutate();
  };
  return (
    <form onSubmit={submit}>
      <h1>{t("setup.title")}</h1>
      <p className={css["intro"]}>{t("setup.intro")}</p>
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
      <PasswordInput
        mt="sm"
        label={t("sign_in.password")}
        description={t("staff.password_hint")}
        required
        minLength={8}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
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

function Done({ made }: { made: Schema<"SetupView"> }) {
  const { t } = useTranslation();
  const keys = [
    `SdkAppId=${made.instance}`,
    `SecretId=${made.secret_id}`,
    `SecretKey=${made.secret_key}`,
    `SWITCHBOARD_TOKEN=${made.token}`,
  ].join("\n");
  return (
    <>
      <h1>{t("setup.done")}</h1>
      <Alert color="blue" variant="outline" title={t("keys.shown_once")} mb="md">
        <Code text={keys} />
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
      <a className={css["go"]} href="/console">
        {t("setup.open_console")}
      </a>
    </>
  );
}
