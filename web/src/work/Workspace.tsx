// The workspace of people who answer chats and calls: inbox, conversation, what is known of the customer,
// and the phone.

import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconApi, IconUserCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { signOut, type Session } from "../api/session";
import { ApiDrawer } from "../ui/ApiDrawer";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { LiveSign } from "../ui/LiveSign";
import { Badge, Empty, Failed, Waiting, type Tone } from "../ui/Page";
import { Customer } from "./Customer";
import { chats, FOLDERS, useChosen, useFollowing, useInbox, type Conversation, type Folder } from "./data";
import { OwnStatus, WrapUp } from "./OwnStatus";
import { Talk } from "./Talk";
import { PhoneBar, PhoneSwitch } from "./phone/Phone";
import css from "./Workspace.module.css";

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
  const [aside, setAside] = useState(false);
  const [drawer, setDrawer] = useState(false);
  useFollowing();
  useEffect(() => {
    document.title = `${t("work.title")} · Switchboard`;
  }, [t]);
  useEffect(() => setAside(false), [chosen]);
  const { id: staff, instance } = session.staff;
  const close = () => {
    choose("");
    // The keyboard goes back to where it came from.
    setTimeout(() => document.querySelector<HTMLElement>(`[data-chat="${CSS.escape(chosen)}"]`)?.focus());
  };
  return (
    <div className={css["page"]} data-chosen={chosen !== ""} data-aside={aside}>
      <header className={css["top"]}>
        <a href="/console" aria-label={t("work.console")}>
          <img src="/assets/icon.svg" alt="" />
        </a>
        <h1>{t("work.title")}</h1>
        <LiveSign stream={chats} />
        <span className={css["space"]} />
        <PhoneSwitch />
        <OwnStatus staff={staff} instance={instance} />
        <LanguageSwitch />
        <ActionIcon variant="default" size="lg" aria-label={t("api.title")} onClick={() => setDrawer(true)}>
          <IconApi size={20} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          component="a"
          href="/console/account"
          variant="default"
          size="lg"
          aria-label={t("shell.account", { name: session.staff.name })}
        >
          <IconUserCircle size={20} aria-hidden="true" />
        </ActionIcon>
        <SignOut />
      </header>
      <PhoneBar />
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
        <WrapUp staff={staff} instance={instance} onChoose={choose} />
        {chosen ? (
          <Talk key={chosen} id={chosen} session={session} onClose={close} onCustomer={() => setAside(true)} />
        ) : (
          <Empty title={t("work.choose")} text={t("work.choose_why")} />
        )}
      </main>
      <aside className={css["context"]} aria-label={t("work.customer")}>
        {chosen && (
          <>
            <Button className={css["narrow"] ?? ""} size="xs" variant="default" onClick={() => setAside(false)}>
              {t("work.to_messages")}
            </Button>
            <Customer id={chosen} session={session} onChoose={choose} />
          </>
        )}
      </aside>
      <ApiDrawer opened={drawer} onClose={() => setDrawer(false)} />
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
            data-chat={one.id}
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
