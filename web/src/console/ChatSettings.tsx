// How the instance chats: who answers first, who is asked, which pages may show the widget, and
// the one line that embeds it.

import { Button, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Code } from "../ui/ApiDrawer";
import { Card, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { useGroups } from "./StaffPage";

export function ChatSettings() {
  const { t } = useTranslation();
  const instance = useInstance();
  const query = useQuery({
    queryKey: ["chat settings", instance],
    enabled: instance !== undefined,
    queryFn: () => ask(api.GET("/api/v1/chat/settings", { params: { query: { instance } } })),
  });
  const snippet = `<script src="${location.origin}/chat/widget.js" data-instance="${instance ?? ""}" async></script>`;
  return (
    <Page title={t("nav.chat")} intro={t("chat.intro")}>
      {query.isPending && <Waiting />}
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && instance !== undefined && (
        <div className={css["two"]}>
          <Card title={t("chat.settings")}>
            <Form key={JSON.stringify(query.data)} settings={query.data} instance={instance} />
          </Card>
          <Card title={t("chat.embed")}>
            <p>{t("chat.embed_why")}</p>
            <Code text={snippet} />
            <p>{t("chat.embed_more")}</p>
          </Card>
        </div>
      )}
    </Page>
  );
}

function Form({ settings, instance }: { settings: Schema<"SettingsBody">; instance: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const groups = useGroups().filter((group) => group.kind === "chat");
  const agents = useQuery({
    queryKey: ["agents", instance],
    queryFn: () => ask(api.GET("/api/v1/voice-agents", { params: { query: { instance, limit: 200 } } })),
  });
  const [enabled, setEnabled] = useState(settings.enabled ?? true);
  const [bot, setBot] = useState(settings.bot ? String(settings.bot) : null);
  const [group, setGroup] = useState(settings.skill_group ? String(settings.skill_group) : null);
  const [origins, setOrigins] = useState((settings.origins ?? []).join("\n"));
  const [welcome, setWelcome] = useState(settings.welcome ?? "");
  const [nobody, setNobody] = useState(settings.nobody_tip ?? "");
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PATCH("/api/v1/chat/settings", {
          params: { query: { instance } },
          body: {
            enabled,
            bot: bot ? Number(bot) : null,
            skill_group: group ? Number(group) : null,
            origins: origins.split(/\s+/).filter(Boolean),
            welcome,
            nobody_tip: nobody,
          } as Schema<"SettingsBody">,
        }),
      ),
    onSuccess: (changed) => client.setQueryData(["chat settings", instance], changed),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Switch
        label={t("chat.enabled")}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <Select
        mt="sm"
        label={t("chat.bot")}
        description={t("chat.bot_hint")}
        placeholder={t("chat.own_server")}
        clearable
        value={bot}
        onChange={setBot}
        data={(agents.data?.items ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
      />
      <Select
        mt="sm"
        label={t("chat.group")}
        placeholder={t("chat.everybody")}
        clearable
        value={group}
        onChange={setGroup}
        data={groups.map((one) => ({ value: String(one.id), label: one.name }))}
      />
      <Textarea
        mt="sm"
        autosize
        minRows={2}
        label={t("chat.origins")}
        description={t("chat.origins_hint")}
        placeholder="https://shop.example"
        value={origins}
        onChange={(event) => setOrigins(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        label={t("chat.welcome")}
        value={welcome}
        onChange={(event) => setWelcome(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        label={t("chat.nobody")}
        value={nobody}
        onChange={(event) => setNobody(event.currentTarget.value)}
      />
      <FailedLine error={save.error} />
      <Button mt="md" type="submit" loading={save.isPending}>
        {t("staff.save")}
      </Button>{" "}
      {save.isSuccess && <span role="status">{t("chat.saved")}</span>}
    </form>
  );
}
