// One's own account: how one is called, in which language, by which password, in which browsers.

import { Button, Select, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, useCsrf, type Schema } from "../api/client";
import { ask } from "../api/problem";
import type { Session } from "../api/session";
import { LANGUAGES, speak } from "../i18n";
import { moment } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { Form, SecretInput, useAct } from "../ui/Form";
import { Badge, Card, Facts, FailedLine, Page, parts as css } from "../ui/Page";
import { useSession } from "../ui/start";
import { Table, type Column } from "../ui/Table";
import { browserOf } from "./browser";

type SignIn = Schema<"SignInView">;

/** Shortest password. */
const PASSWORD_MIN = 8;

/** The languages by the tags that the server has for them. */
const TAGS = { en: "en-US", zh: "zh-CN" } as const;

export function Account() {
  const { t } = useTranslation();
  const session = useSession();
  if (!session) return null;
  return (
    <Page title={t("account.title")} intro={t("account.intro")}>
      <div className={css["two"]}>
        <Card title={t("account.profile")}>
          <Profile session={session} />
        </Card>
        <Card title={t("account.password")}>
          <Password />
        </Card>
      </div>
      <div className={css["gap"]} />
      <SignIns />
    </Page>
  );
}

/** Takes what the server says of the session now. */
function useTaken(): (session: Schema<"SessionView">) => void {
  const client = useQueryClient();
  return (session) => {
    useCsrf(session.csrf);
    client.setQueryData(["session"], session as Session);
  };
}

function Profile({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { staff } = session;
  const [name, setName] = useState(staff.name);
  const [nick, setNick] = useState(staff.nick);
  const [language, setLanguage] = useState<keyof typeof TAGS>(staff.language.startsWith("zh") ? "zh" : "en");
  const taken = useTaken();
  const save = () => ask(api.PATCH("/api/v1/session", { body: { name, nick, language: TAGS[language] } }));
  return (
    <>
      <Facts
        items={[
          { name: t("sign_in.email"), value: staff.email },
          {
            name: t("staff.roles"),
            value: staff.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(", "),
          },
        ]}
      />
      <div className={css["gap"]} />
      <Form
        save={save}
        stale={["staff"]}
        submit={t("account.save")}
        done={t("account.saved")}
        onSaved={(changed) => {
          taken(changed);
          void speak(language);
        }}
      >
        <TextInput
          label={t("account.name")}
          description={t("account.name_hint")}
          required
          maxLength={64}
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          mt="sm"
          label={t("account.nick")}
          description={t("account.nick_hint")}
          maxLength={64}
          value={nick}
          onChange={(event) => setNick(event.currentTarget.value)}
        />
        <Select
          mt="sm"
          label={t("shell.language")}
          allowDeselect={false}
          value={language}
          onChange={(value) => setLanguage(value === "zh" ? "zh" : "en")}
          data={LANGUAGES.map(({ code, name: label }) => ({ value: code, label }))}
        />
      </Form>
    </>
  );
}

function Password() {
  const { t } = useTranslation();
  const [present, setPresent] = useState("");
  const [password, setPassword] = useState("");
  const taken = useTaken();
  return (
    <Form
      save={() => ask(api.PUT("/api/v1/session/password", { body: { present, password } }))}
      stale={["sign-ins"]}
      submit={t("account.change_password")}
      done={t("account.password_changed")}
      onSaved={(session) => {
        taken(session);
        setPresent("");
        setPassword("");
      }}
    >
      <SecretInput
        label={t("account.present_password")}
        kind="current-password"
        required
        value={present}
        onChange={setPresent}
      />
      <SecretInput
        label={t("account.new_password")}
        description={t("account.password_hint", { least: PASSWORD_MIN })}
        kind="new-password"
        required
        minLength={PASSWORD_MIN}
        value={password}
        onChange={setPassword}
      />
    </Form>
  );
}

function SignIns() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["sign-ins"],
    queryFn: async () => {
      const { items } = await ask(api.GET("/api/v1/sign-ins"));
      return { items, total: items.length };
    },
  });
  const everywhere = useAct(() => ask(api.DELETE("/api/v1/sign-ins")), ["sign-ins"]);
  const others = (query.data?.items ?? []).some((one) => !one.own);
  return (
    <Card
      title={t("account.sign_ins")}
      actions={
        others && (
          <Confirm
            label={t("account.everywhere")}
            question={t("account.everywhere_question")}
            onConfirm={() => everywhere.mutate()}
          />
        )
      }
    >
      <FailedLine error={everywhere.error} />
      <Table
        label={t("account.sign_ins")}
        query={query}
        columns={useColumns()}
        rowKey={(one) => one.id}
        empty={<p>{t("account.nowhere_else")}</p>}
      />
    </Card>
  );
}

function useColumns(): Column<SignIn>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      head: t("account.browser"),
      cell: (one) => (
        <>
          {browserOf(one.browser) || "–"} {one.own && <Badge tone="ok">{t("account.here")}</Badge>}
        </>
      ),
    },
    { head: t("account.address"), numeric: true, cell: (one) => one.address },
    { head: t("account.since"), numeric: true, cell: (one) => moment(one.created_at, i18n.language) },
    { head: t("account.seen"), numeric: true, cell: (one) => moment(one.seen_at, i18n.language) },
    { head: t("staff.do"), numeric: true, cell: (one) => !one.own && <SignOutOf one={one} /> },
  ];
}

function SignOutOf({ one }: { one: SignIn }) {
  const { t } = useTranslation();
  const out = useAct(() => ask(api.DELETE("/api/v1/sign-ins/{id}", { params: { path: { id: one.id } } })), ["sign-ins"]);
  return (
    <>
      <Button size="xs" variant="default" loading={out.isPending} onClick={() => out.mutate()}>
        {t("shell.sign_out")}
      </Button>
      <FailedLine error={out.error} />
    </>
  );
}
