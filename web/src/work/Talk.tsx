// One conversation: its messages as they grow, and what a person can do in it now.

import { Button, Menu, SegmentedControl, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { ask } from "../api/problem";
import type { Session } from "../api/session";
import { freshName } from "../chat/name";
import type { Message } from "../chat/thread";
import { clock } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { Badge, Failed, FailedLine, Waiting } from "../ui/Page";
import { useConversation, useThread, type Conversation } from "./data";
import { ChatState, nameOf } from "./Workspace";
import css from "./Workspace.module.css";

/** Acts without a body of their own. */
type Act = "accept" | "decline" | "take-over" | "give-back" | "rating" | "close";

export function Talk(props: { id: string; session: Session; onClose: () => void; onCustomer: () => void }) {
  const { instance } = props.session.staff;
  const conversation = useConversation(props.id, instance);
  const thread = useThread(props.id, instance);
  if (conversation.isPending || thread.isPending) return <Waiting />;
  if (conversation.isError) return <Failed error={conversation.error} />;
  if (thread.isError) return <Failed error={thread.error} />;
  const leave = (event: KeyboardEvent) => {
    const { target, currentTarget } = event;
    // Menus and dialogs stand elsewhere in the page, and take the key for themselves.
    const isHere = target instanceof Node && currentTarget.contains(target);
    const isTyping = target instanceof HTMLTextAreaElement && target.value !== "";
    if (event.key === "Escape" && isHere && !isTyping && !event.nativeEvent.isComposing) props.onClose();
  };
  return (
    <div className={css["whole"]} onKeyDown={leave}>
      <Bar {...props} conversation={conversation.data} />
      <Log messages={thread.data.messages} customer={nameOf(conversation.data)} instance={instance} />
      <Write conversation={conversation.data} session={props.session} />
    </div>
  );
}

function useAct(conversation: Conversation) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) =>
      ask(
        api.POST(`/api/v1/chat/conversations/{id}/${act}`, {
          params: { path: { id: conversation.id }, query: { instance: conversation.instance } },
          body: {},
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(["chat", conversation.id], changed);
      void client.invalidateQueries({ queryKey: ["chats"] });
    },
  });
}

function Bar(props: { conversation: Conversation; session: Session; onClose: () => void; onCustomer: () => void }) {
  const { t } = useTranslation();
  const { conversation } = props;
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever chose the conversation goes on from here, by keyboard and by ear.
  useEffect(() => title.current?.focus(), []);
  const act = useAct(conversation);
  const own = conversation.staff?.id === props.session.staff.id;
  const { state } = conversation;
  const button = (name: Act, label: string, primary = false) => (
    <Button
      key={name}
      size="xs"
      variant={primary ? "filled" : "default"}
      loading={act.isPending && act.variables === name}
      onClick={() => act.mutate(name)}
    >
      {label}
    </Button>
  );
  return (
    <div className={css["bar"]}>
      <Button size="xs" variant="subtle" onClick={props.onClose}>
        {t("work.back")}
      </Button>
      <h2 ref={title} tabIndex={-1}>
        {nameOf(conversation)}
      </h2>
      <ChatState state={state} />
      {conversation.staff && <Badge>{conversation.staff.name}</Badge>}
      <Button className={css["narrow"] ?? ""} size="xs" variant="default" onClick={props.onCustomer}>
        {t("work.customer")}
      </Button>
      <span className={css["space"]} />
      {state === "offered" && own && button("accept", t("work.accept"), true)}
      {state === "offered" && own && button("decline", t("work.decline"))}
      {state !== "ended" && !(own && state === "staffed") && !(own && state === "offered") &&
        button("take-over", t("work.take_over"), true)}
      {own && state === "staffed" && button("give-back", t("work.give_back"))}
      {own && state === "staffed" && <Transfer conversation={conversation} />}
      {own && state === "staffed" && button("rating", t("work.ask_rating"))}
      {state !== "ended" && (
        <Confirm
          label={t("work.close")}
          question={t("work.close_question")}
          onConfirm={() => act.mutate("close")}
        />
      )}
      <FailedLine error={act.error} />
    </div>
  );
}

function Transfer({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { instance } = conversation;
  const query = { params: { query: { instance, limit: 200 } } };
  const groups = useQuery({
    queryKey: ["groups", instance],
    queryFn: () => ask(api.GET("/api/v1/skill-groups", query)),
  });
  const people = useQuery({
    queryKey: ["staff", instance, "all"],
    queryFn: () => ask(api.GET("/api/v1/staff", query)),
  });
  const pass = useMutation({
    mutationFn: (to: { skill_group?: number; to?: number }) =>
      ask(
        api.POST("/api/v1/chat/conversations/{id}/transfer", {
          params: { path: { id: conversation.id }, query: { instance } },
          body: to,
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(["chat", conversation.id], changed);
      void client.invalidateQueries({ queryKey: ["chats"] });
    },
  });
  const others = (people.data?.items ?? []).filter((one) => one.id !== conversation.staff?.id);
  return (
    <>
      <FailedLine error={pass.error} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" loading={pass.isPending}>
            {t("work.transfer")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(groups.data?.items ?? [])
            .filter((group) => group.kind === "chat")
            .map((group) => (
              <Menu.Item key={`group ${group.id}`} onClick={() => pass.mutate({ skill_group: group.id })}>
                {t("work.to_group", { name: group.name })}
              </Menu.Item>
            ))}
          {others.map((one) => (
            <Menu.Item key={`staff ${one.id}`} onClick={() => pass.mutate({ to: one.id })}>
              {one.name} · {t(`status.${one.presence.status}`)}
            </Menu.Item>
          ))}
          {others.length === 0 && (groups.data?.items ?? []).length === 0 && (
            <Menu.Item disabled>{t("work.nobody_else")}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Pixels from the end within which somebody reads the end. */
const END_PX = 60;

/** A part that stays at its end while it grows, unless somebody reads further up. */
function useEnd<T extends HTMLElement>(grown: string): RefObject<T | null> {
  const part = useRef<T>(null);
  const follows = useRef(true);
  const toEnd = () => {
    const { current } = part;
    if (current && follows.current) current.scrollTo({ top: current.scrollHeight });
  };
  useEffect(toEnd, [grown]);
  useEffect(() => {
    const { current } = part;
    if (!current) return;
    const note = () => {
      // What is hidden has no height, and nobody reads it.
      if (current.clientHeight === 0) return;
      follows.current = current.scrollHeight - current.scrollTop - current.clientHeight < END_PX;
    };
    const resized = new ResizeObserver(toEnd);
    resized.observe(current);
    current.addEventListener("scroll", note);
    return () => {
      resized.disconnect();
      current.removeEventListener("scroll", note);
    };
  }, []);
  return part;
}

function Log(props: { messages: readonly Message[]; customer: string; instance: number }) {
  const { t } = useTranslation();
  const { messages } = props;
  const log = useEnd<HTMLDivElement>(`${messages.length} ${messages.at(-1)?.text}`);
  const whole = messages.filter((one) => !one.open && one.who === "customer").at(-1);
  return (
    <>
      <div ref={log} className={css["log"]} role="log" aria-live="off" aria-label={t("work.messages")} tabIndex={0}>
        {messages.map((one) => (
          <div
            key={one.key}
            className={css["message"]}
            data-who={one.who}
            data-private={one.isPrivate}
            aria-busy={one.open}
          >
            <small>
              {one.who === "customer" ? props.customer : one.name || t(`work.who.${one.who}`)} · {clock(one.at).slice(0, 5)}
              {one.isPrivate && ` · ${t("work.private")}`}
            </small>
            <span className={one.open ? css["caret"] : undefined}>
              {one.file ? (
                <a href={`/api/v1/chat/files/${one.file}?instance=${props.instance}`} target="_blank" rel="noreferrer">
                  {one.text || one.file}
                </a>
              ) : (
                one.text
              )}
            </span>
            {one.open && <span className="visually-hidden">{t("work.writing")}</span>}
            {one.cut && <Badge tone="warn">{t("work.cut")}</Badge>}
          </div>
        ))}
      </div>
      <div className="visually-hidden" aria-live="polite">
        {whole ? `${props.customer}: ${whole.text}` : ""}
      </div>
    </>
  );
}

/** What stands between a person and the customer: nothing, or an act that comes first. */
function firstOf(conversation: Conversation, session: Session): "take-over" | "accept" | undefined {
  const own = conversation.staff?.id === session.staff.id;
  if (own && conversation.state === "staffed") return undefined;
  return own && conversation.state === "offered" ? "accept" : "take-over";
}

/** Sends what was written, after what has to be done first. */
function useSending(conversation: Conversation, first: "take-over" | "accept" | undefined, onSent: (text: string) => void) {
  const name = useRef(freshName());
  const act = useAct(conversation);
  const params = { path: { id: conversation.id }, query: { instance: conversation.instance } };
  return useMutation({
    mutationFn: async ({ kind, text }: { kind: "reply" | "note"; text: string }) => {
      if (kind === "note") {
        await ask(api.POST("/api/v1/chat/conversations/{id}/notes", { params, body: { text } }));
        return;
      }
      if (first) await act.mutateAsync(first);
      // The same name on a second try: what arrived already is not shown twice.
      const body = { text, client_id: name.current };
      await ask(api.POST("/api/v1/chat/conversations/{id}/messages", { params, body }));
    },
    onSuccess: (_, { text }) => {
      name.current = freshName();
      onSent(text);
    },
  });
}

/** What was begun in each conversation, while the page is open. */
const drafts = new Map<string, string>();

function useDraft(id: string): [string, (text: string) => void, (sent: string) => void] {
  const [text, setText] = useState(() => drafts.get(id) ?? "");
  const write = (next: string) => {
    drafts.set(id, next);
    setText(next);
  };
  // What was written while that was on its way stays.
  const sent = (words: string) => {
    if (drafts.get(id) === words) write("");
  };
  return [text, write, sent];
}

function Write({ conversation, session }: { conversation: Conversation; session: Session }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<"reply" | "note">("reply");
  const [text, setText, clear] = useDraft(conversation.id);
  const sendButton = useRef<HTMLButtonElement>(null);
  const first = firstOf(conversation, session);
  const { instance } = conversation;
  const canned = useQuery({
    queryKey: ["canned", instance],
    queryFn: () =>
      ask(api.GET("/api/v1/chat/canned-answers", { params: { query: { instance, limit: 200 } } })),
  });
  const send = useSending(conversation, first, clear);
  const sought = text.startsWith("/") ? text.slice(1).toLowerCase() : undefined;
  const found =
    sought === undefined
      ? []
      : (canned.data?.items ?? []).filter((one) => one.shortcut.toLowerCase().startsWith(sought));
  const takes = kind === "reply" ? first : undefined;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() && !send.isPending) send.mutate({ kind, text });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (found[0] && sought !== undefined) setText(found[0].text);
      // Nobody takes a conversation from somebody by the habit of pressing Enter.
      else if (takes) sendButton.current?.focus();
      else submit();
    }
  };
  if (conversation.state === "ended") return <div className={css["write"]}>{t("work.is_over")}</div>;
  return (
    <form className={css["write"]} onSubmit={submit}>
      <div className={css["tools"]}>
        <SegmentedControl
          size="xs"
          aria-label={t("work.kind")}
          value={kind}
          onChange={(value) => setKind(value === "note" ? "note" : "reply")}
          data={[
            { value: "reply", label: t("work.reply") },
            { value: "note", label: t("work.note") },
          ]}
        />
        <SaveCanned text={text} instance={instance} />
      </div>
      {found.length > 0 && (
        <ul className={css["canned"]} aria-label={t("work.canned")}>
          {found.map((one) => (
            <li key={one.id}>
              <button type="button" className={css["item"]} onClick={() => setText(one.text)}>
                <strong>/{one.shortcut}</strong> <span className={css["last"]}>{one.text}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <FailedLine error={send.error} />
      <div className={css["row"]}>
        <Textarea
          autosize
          minRows={1}
          maxRows={6}
          aria-label={t(kind === "note" ? "work.note" : "work.reply")}
          placeholder={t(kind === "note" ? "work.note_hint" : "work.reply_hint")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={press}
        />
        <Button
          ref={sendButton}
          type="submit"
          disabled={text.trim() === ""}
          title={text.trim() === "" ? t("work.write_first") : undefined}
          aria-describedby={takes ? "work-first" : undefined}
          loading={send.isPending}
        >
          {takes ? t(`work.first.${takes}`) : t(kind === "note" ? "work.write_note" : "work.send")}
        </Button>
      </div>
      {takes && <small id="work-first">{t("work.not_yours")}</small>}
    </form>
  );
}

/** Keeps what is written as a ready answer. */
function SaveCanned({ text, instance }: { text: string; instance: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const shortcut = (text.trim().split(/\s+/)[0] ?? "").toLowerCase().slice(0, 32);
      return ask(
        api.POST("/api/v1/chat/canned-answers", {
          params: { query: { instance } },
          body: { shortcut, text: text.trim() },
        }),
      );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["canned"] }),
  });
  const usable = text.trim() !== "" && !text.startsWith("/");
  return (
    <>
      <FailedLine error={save.error} />
      <Button
        size="xs"
        variant="subtle"
        disabled={!usable}
        title={usable ? t("work.keep_canned_why") : t("work.write_first")}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t("work.keep_canned")}
      </Button>
    </>
  );
}
