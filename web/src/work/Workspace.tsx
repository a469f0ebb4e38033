// The workspace of people who answer chats: inbox, conversation, what is known of the customer.

import { Button, SegmentedControl, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { signOut, type Session } from "../api/session";
import { moment } from "../i18n/format";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { LiveSign } from "../ui/LiveSign";
import { Badge, Empty, Facts, Failed, FailedLine, Waiting, type Tone } from "../ui/Page";
import { chats, FOLDERS, useChosen, useConversation, useFollowing, useInbox, useThread, type Conversation, type Folder } from "./data";
import { Talk } from "./Talk";
import css from "./Workspace.module.css";

/** What a person may choose of their own status. */
const CHOICES = ["free", "rest", "not_ready", "offline"] as const;

const TONES: Record<string, Tone> = {
  bot: "agent",
  queued: "warn",
  offered: "warn",
  staffed: "ok",
  ended: "plain",
};

export function Workspace({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [chosen, choose] = useChosen();
  const [folder, setFolder] = useState<Folder>("mine");
  useFollowing();
  useEffect(() => {
    document.title = `${t("work.title")} · Switchboard`;
  }, [t]);
  const { id: staff, instance } = session.staff;
  return (
    <div className={css["page"]} data-chosen={chosen !== ""}>
      <header className={css["top"]}>
        <a href="/console" aria-label={t("work.console")}>
          <img src="/assets/icon.svg" alt="" />
        </a>
        <h1>{t("work.title")}</h1>
        <LiveSign stream={chats} />
        <span className={css["space"]} />
        <OwnStatus staff={staff} instance={instance} />
        <LanguageSwitch />
        <SignOut />
      </header>
      <nav className={css["list"]} aria-label={t("work.inbox")}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("work.folder")}
          value={folder}
          onChange={(value) => setFolder(FOLDERS.find((one) => one === value) ?? "mine")}
          data={FOLDERS.map((value) => ({ value, label: t(`work.folders.${value}`) }))}
        />
        <Inbox folder={folder} staff={staff} instance={instance} chosen={chosen} onChoose={choose} />
      </nav>
      <main className={css["talk"]}>
        {chosen ? (
          <Talk key={chosen} id={chosen} session={session} onClose={() => choose("")} />
        ) : (
          <Empty title={t("work.choose")} text={t("work.choose_why")} />
        )}
      </main>
      <aside className={css["context"]} aria-label={t("work.customer")}>
        {chosen && <Customer id={chosen} instance={instance} onChoose={choose} />}
      </aside>
    </div>
  );
}

function SignOut() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const leave = async () => {
    await signOut();
    client.clear();
    client.setQueryData(["session"], null);
  };
  return (
    <Button size="xs" variant="default" onClick={() => void leave()}>
      {t("shell.sign_out")}
    </Button>
  );
}

function OwnStatus({ staff, instance }: { staff: number; instance: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const params = { path: { id: staff }, query: { instance } };
  const query = useQuery({
    queryKey: ["own status"],
    refetchInterval: 10_000,
    queryFn: () => ask(api.GET("/api/v1/staff/{id}/status", { params })),
  });
  const change = useMutation({
    mutationFn: (status: Schema<"StatusWish">["status"]) =>
      ask(api.PUT("/api/v1/staff/{id}/status", { params, body: { status, reason: "" } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["own status"] }),
  });
  const status = query.data?.presence.status ?? "offline";
  const reserved = query.data?.presence.reserved;
  return (
    <>
      {reserved && <Badge tone="warn">{t("work.then", { status: t(`status.${reserved}`) })}</Badge>}
      <FailedLine error={change.error} />
      <Select
        size="xs"
        w={130}
        aria-label={t("work.status")}
        allowDeselect={false}
        value={status}
        onChange={(value) => {
          const wish = CHOICES.find((one) => one === value);
          if (wish) change.mutate(wish);
        }}
        data={[...new Set([...CHOICES, status])].map((value) => ({ value, label: t(`status.${value}`) }))}
      />
    </>
  );
}

function Inbox(props: {
  folder: Folder;
  staff: number;
  instance: number;
  chosen: string;
  onChoose: (id: string) => void;
}) {
  const { t } = useTranslation();
  const query = useInbox(props.folder, props.instance, props.staff);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data.total === 0) {
    return <Empty title={t(`work.none.${props.folder}`)} text={t("work.none_why")} />;
  }
  return (
    <ul className={css["items"]}>
      {query.data.items.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            className={css["item"]}
            aria-current={one.id === props.chosen}
            onClick={() => props.onChoose(one.id)}
          >
            <span className={css["line"]}>
              <strong>{nameOf(one)}</strong>
              <ChatState state={one.state} />
              {one.n_unanswered > 0 && props.folder === "mine" && <Badge tone="bad">{one.n_unanswered}</Badge>}
            </span>
            <span className={css["last"]}>{one.last_text || "…"}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The customer's name, or the beginning of their id. */
export function nameOf(one: Conversation): string {
  return one.customer_name || one.customer.slice(0, 8);
}

/** Where a conversation is, in a word with a color. */
export function ChatState({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[state] ?? "plain"}>{t(`work.state.${state}`)}</Badge>;
}

function Customer(props: { id: string; instance: number; onChoose: (id: string) => void }) {
  const { t, i18n } = useTranslation();
  const query = useConversation(props.id, props.instance);
  const customer = query.data?.customer;
  const before = useQuery({
    queryKey: ["chats", "of", customer],
    enabled: customer !== undefined,
    queryFn: () =>
      ask(
        api.GET("/api/v1/chat/conversations", {
          params: { query: { instance: props.instance, customer: customer ?? "", limit: 20 } },
        }),
      ),
  });
  const word = useThread(props.id, props.instance).data?.word;
  if (!query.data) return null;
  const one = query.data;
  return (
    <>
      <h2>{nameOf(one)}</h2>
      {word && (
        <section className={css["word"]}>
          <h3>{t("work.word")}</h3>
          <p>{word.text}</p>
          <p>
            <strong>{word.contact}</strong>
          </p>
        </section>
      )}
      <Facts
        items={[
          { name: t("work.began"), value: moment(one.began_at, i18n.language) },
          { name: t("work.channel"), value: one.channel },
          { name: t("shell.language"), value: one.language || "–" },
          { name: t("work.page"), value: one.page || "–" },
          { name: t("work.rating"), value: one.rating ? "★".repeat(one.rating) : "–" },
          { name: t("work.customer_id"), value: one.customer },
        ]}
      />
      <h2>{t("work.history")}</h2>
      <ul className={css["items"]}>
        {(before.data?.items ?? []).map((past) => (
          <li key={past.id}>
            <button
              type="button"
              className={css["item"]}
              aria-current={past.id === props.id}
              onClick={() => props.onChoose(past.id)}
            >
              {moment(past.began_at, i18n.language)}
              <span className={css["last"]}>{past.last_text}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
