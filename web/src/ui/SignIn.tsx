// Sign-in by e-mail and password. There is no default password to be told.

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { signIn } from "../api/session";
import { LanguageSwitch } from "./LanguageSwitch";
import { FailedLine } from "./Page";
import css from "./SignIn.module.css";

export function SignIn() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  useEffect(() => {
    document.title = `${t("sign_in.title")} · Switchboard`;
  }, [t]);
  const entering = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: (session) => client.setQueryData(["session"], session),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate();
  };
  return (
    <main className={css["page"]}>
      <form className={css["card"]} onSubmit={submit}>
        <img src="/assets/icon.svg" alt="" width="44" height="44" />
        <h1>{t("sign_in.title")}</h1>
        <TextInput
          label={t("sign_in.email")}
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("sign_in.password")}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
        />
        <FailedLine error={entering.error} />
        <Button type="submit" loading={entering.isPending} fullWidth mt="md">
          {t("sign_in.go")}
        </Button>
        <p className={css["help"]}>
          {t("sign_in.forgotten")} <code>switchboard admin reset EMAIL</code>
        </p>
        <LanguageSwitch />
      </form>
    </main>
  );
}
