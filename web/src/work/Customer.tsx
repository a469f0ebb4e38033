// What is known of the customer whose conversation is looked at: who they are, what they wrote and
// said before, by chat and on the phone.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import type { Session } from "../api/session";
import { Outcome } from "../call/words";
import { duration, moment } from "../i18n/format";
import { Facts, Failed, Waiting } from "../ui/Page";
import { useConversation, useThread } from "./data";
import { ChatState, nameOf } from "./Workspace";
import css from "./Workspace.module.css";

type Past = Schema<"CustomerHistoryView">;

/** Chats and calls that are shown at once. */
const AT_ONCE = 20;

export function Customer(props: { id: string; session: Session; onChoose: (id: string) => void }) {
  const { t, i18n } = useTranslation();
  const { instance } = props.session.staff;
  const query = useConversation(props.id, instance);
  const customer = useCustomer(query.data?.customer, instance);
  const word = useThread(props.id, instance).data?.word;
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
          { name: t("work.numbers"), value: customer?.numbers.join(", ") || "–" },
          { name: t("work.customer_id"), value: one.customer },
        ]}
      />
      <h2>{t("work.history")}</h2>
      <History customer={one.customer} shown={props.id} session={props.session} onChoose={props.onChoose} />
    </>
  );
}

function useCustomer(id: string | undefined, instance: number): Schema<"CustomerView"> | undefined {
  return useQuery({
    queryKey: ["customer", id],
    enabled: id !== undefined,
    queryFn: () => ask(api.GET("/api/v1/customers/{id}", { params: { path: { id: id ?? "" }, query: { instance } } })),
  }).data;
}

function History(props: { customer: string; shown: string; session: Session; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const { instance } = props.session.staff;
  const query = useInfiniteQuery({
    queryKey: ["chats", "of", props.customer],
    initialPageParam: 0,
    queryFn: ({ pageParam: offset }) =>
      ask(
        api.GET("/api/v1/customers/{id}/history", {
          params: { path: { id: props.customer }, query: { instance, offset, limit: AT_ONCE } },
        }),
      ),
    getNextPageParam: (page, all) => {
      const n = all.reduce((sum, one) => sum + one.items.length, 0);
      return page.items.length > 0 && n < page.total ? n : undefined;
    },
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <ul className={css["items"]}>
        {query.data.pages
          .flatMap((page) => page.items)
          .map((past) => (
            <li key={past.call?.id ?? past.conversation}>
              <PastOne past={past} {...props} />
            </li>
          ))}
      </ul>
      {query.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("work.older")}
        </Button>
      )}
    </>
  );
}

/** A chat opens here; a call opens its page, for those who may see calls. */
function PastOne(props: { past: Past; shown: string; session: Session; onChoose: (id: string) => void }) {
  const { t, i18n } = useTranslation();
  const { chat, call, conversation } = props.past;
  const at = moment(props.past.at, i18n.language);
  if (call) {
    const content = (
      <>
        <span className={css["line"]}>
          <strong>{t(`work.call.${call.direction}`)}</strong>
          <Outcome state={call.state} cause={call.cause} />
        </span>
        <span className={css["last"]}>
          {at} · {call.talk_second ? duration(call.talk_second * 1000) : t("work.call.no_talk")}
          {call.voice_agent_name && ` · ${call.voice_agent_name}`}
        </span>
      </>
    );
    return props.session.permissions.includes("read_calls") ? (
      <a className={css["item"]} href={`/console/calls/${encodeURIComponent(call.id)}`}>
        {content}
      </a>
    ) : (
      <div className={css["past"]}>{content}</div>
    );
  }
  return (
    <button
      type="button"
      className={css["item"]}
      aria-current={conversation === props.shown}
      onClick={() => props.onChoose(conversation)}
    >
      <span className={css["line"]}>
        <strong>{t("work.chat")}</strong>
        {chat && <ChatState state={chat.state} />}
      </span>
      <span className={css["last"]}>
        {at} · {chat?.last_text || "…"}
      </span>
    </button>
  );
}
