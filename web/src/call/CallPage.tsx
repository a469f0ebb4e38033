// A call as a picture: two voices on one line, the words, the waits, the messages, the pushes.

import { Button, Tabs } from "@mantine/core";
import { IconDownload, IconPhoneOff, IconPhoto } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { duration, moment } from "../i18n/format";
import { Copy } from "../ui/Copy";
import { Badge, Card, Facts, Failed, FailedLine, Page, parts as css, Waiting } from "../ui/Page";
import { useSession } from "../ui/start";
import { useCall, useCallEvents, useOutline } from "./data";
import { Control } from "./Control";
import { Events } from "./Events";
import { ladder } from "./rungs";
import { Ladder } from "./Ladder";
import { ownPath, usePlayer } from "./player";
import { Pushes } from "./Pushes";
import { mosTone, Quality } from "./Quality";
import { Review } from "./Review";
import { SLOW_MS, tell, type CallEvent } from "./story";
import { Thoughts } from "./Thoughts";
import { Transcript } from "./Transcript";
import { Waveform } from "./Waveform";
import { Outcome } from "./words";

/** Parts of the page that stand behind one another; the address says which is seen. */
export const CALL_TABS = ["sip", "quality", "thoughts", "review", "events", "pushes", "facts"] as const;

const route = getRouteApi("/console/calls/$id");

export function CallPage() {
  const { id } = route.useParams();
  const call = useCall(id);
  const events = useCallEvents(id);
  if (call.isPending || events.isPending) return <Waiting />;
  if (call.isError) return <Failed error={call.error} retry={() => void call.refetch()} />;
  if (events.isError) return <Failed error={events.error} retry={() => void events.refetch()} />;
  return <Shown key={id} call={call.data} events={events.data} />;
}

function Shown({ call, events }: { call: Schema<"CallView">; events: CallEvent[] }) {
  const { t } = useTranslation();
  const running = call.state !== "ended";
  const outline = useOutline(call.id, running).data ?? undefined;
  const story = useMemo(
    () => tell(events, outline && { startedAt: outline.started_at, durationMs: outline.duration_ms }),
    [events, outline],
  );
  const track = (name: string) => call.recordings.find((one) => one.track === name)?.url;
  const player = usePlayer({ user: track("user"), agent: track("agent") });
  useAddress(player.atMs, player.seek);
  return (
    <Page
      title={t("call.title", { id: call.id.slice(0, 8) })}
      badges={
        <>
          {call.voice_agent_name && <Badge tone="agent">{call.voice_agent_name}</Badge>}
          <Outcome state={call.state} cause={call.cause} />
          {call.ended_by && <Badge>{t(`ended_by.${call.ended_by}`)}</Badge>}
        </>
      }
      actions={<Actions call={call} running={running} />}
    >
      <Card>
        <Head call={call} story={story} />
      </Card>
      <Card>
        <Waveform story={story} outline={outline} player={player} />
      </Card>
      {running && <Control call={call} events={events} />}
      <div className={css["gap"]} />
      <div className={css["two"]}>
        <Card title={t("call.transcript")}>
          <Transcript story={story} atMs={player.atMs} onSeek={player.seek} />
        </Card>
        <Card>
          <Parts call={call} events={events} />
        </Card>
      </div>
    </Page>
  );
}

/** The address holds the moment that is looked at, so that a link opens what its sender saw. */
function useAddress(atMs: number, seek: (ms: number) => void): void {
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const first = useRef(true);
  const seconds = Math.round(atMs / 100) / 10;
  useEffect(() => {
    if (first.current) {
      first.current = false;
      if (search.t) seek(search.t * 1000);
      return;
    }
    const later = setTimeout(() => {
      void navigate({ search: (old) => ({ ...old, t: seconds || undefined }), replace: true });
    }, 300);
    return () => clearTimeout(later);
  }, [seconds]);
}

function Actions({ call, running }: { call: Schema<"CallView">; running: boolean }) {
  const { t } = useTranslation();
  const hangUp = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/calls/{id}/hangup", { params: { path: { id: call.id } } })),
  });
  return (
    <>
      {running && (
        <Button
          color="red"
          leftSection={<IconPhoneOff size={17} aria-hidden="true" />}
          loading={hangUp.isPending}
          onClick={() => hangUp.mutate()}
        >
          {t("call.hang_up")}
        </Button>
      )}
      <FailedLine error={hangUp.error} />
      <Button
        component="a"
        href={`/api/v1/calls/${call.id}/picture.svg`}
        target="_blank"
        variant="default"
        leftSection={<IconPhoto size={17} aria-hidden="true" />}
      >
        {t("call.picture")}
      </Button>
      {call.recordings.map((recording) => (
        <Button
          key={recording.id}
          component="a"
          href={ownPath(recording.url)}
          download={`${call.id}-${recording.track}.mp3`}
          variant="default"
          leftSection={<IconDownload size={17} aria-hidden="true" />}
        >
          {t(`call.download.${recording.track}`, { defaultValue: recording.track })}
        </Button>
      ))}
      <Copy text={location.href} label={t("call.copy_link")} size="sm" />
    </>
  );
}

function Head({ call, story }: { call: Schema<"CallView">; story: ReturnType<typeof tell> }) {
  const { t, i18n } = useTranslation();
  const ringMs = between(call.rang_at, call.answered_at ?? call.ended_at);
  const talkMs = between(call.answered_at, call.ended_at);
  const optional = (ms: number | undefined) => (ms === undefined ? "–" : duration(ms));
  return (
    <Facts
      items={[
        { name: t("call.from"), value: call.caller },
        { name: t("call.to"), value: call.callee },
        { name: t("call.started"), value: moment(call.started_at, i18n.language) },
        { name: t("call.ring_talk"), value: `${optional(ringMs)} / ${optional(talkMs)}` },
        { name: t("call.median_reply"), value: optional(story.medianMs), tone: slow(story.medianMs) },
        { name: t("call.p90_reply"), value: optional(story.p90Ms), tone: slow(story.p90Ms) },
        { name: t("call.interruptions"), value: String(story.nInterruptions) },
        {
          name: t("call.quality.mos"),
          value: call.quality ? call.quality.mos.toFixed(2) : "–",
          tone: call.quality ? mosTone(call.quality.mos) : "plain",
        },
      ]}
    />
  );
}

function slow(ms: number | undefined) {
  if (ms === undefined) return "plain";
  return ms > SLOW_MS ? "warn" : "ok";
}

function between(from: string | null | undefined, to: string | null | undefined): number | undefined {
  return from && to ? Date.parse(to) - Date.parse(from) : undefined;
}

function Parts({ call, events }: { call: Schema<"CallView">; events: CallEvent[] }) {
  const { t } = useTranslation();
  const { tab = "sip" } = route.useSearch();
  const navigate = route.useNavigate();
  const answered = events.find((event) => event.type === "answered" || event.type === "dialed");
  const peer = answered && "peer" in answered ? answered.peer : call.callee;
  const choose = (value: string | null) => {
    const found = CALL_TABS.find((one) => one === value);
    void navigate({ search: (old) => ({ ...old, tab: found }), replace: true });
  };
  return (
    <Tabs value={tab} onChange={choose} keepMounted={false}>
      <Tabs.List>
        {CALL_TABS.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`call.tab.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="sip" pt="sm">
        <Ladder
          rungs={ladder(events, call.direction, call.quality)}
          peer={peer}
          agent={call.voice_agent_name}
        />
      </Tabs.Panel>
      <Tabs.Panel value="quality" pt="sm">
        <Quality quality={call.quality} events={events} />
      </Tabs.Panel>
      <Tabs.Panel value="thoughts" pt="sm">
        <Thoughts events={events} />
      </Tabs.Panel>
      <Tabs.Panel value="review" pt="sm">
        <Review call={call} events={events} />
      </Tabs.Panel>
      <Tabs.Panel value="events" pt="sm">
        <Events events={events} />
      </Tabs.Panel>
      <Tabs.Panel value="pushes" pt="sm">
        <Pushes call={call.id} instance={call.instance} />
      </Tabs.Panel>
      <Tabs.Panel value="facts" pt="sm">
        <MoreFacts call={call} events={events} />
      </Tabs.Panel>
    </Tabs>
  );
}

function MoreFacts({ call, events }: { call: Schema<"CallView">; events: CallEvent[] }) {
  const { t } = useTranslation();
  const dialed = events.find((event) => event.type === "dialed");
  return (
    <Facts
      items={[
        { name: t("call.session_id"), value: call.id },
        { name: "SIP Call-ID", value: dialed?.type === "dialed" ? dialed.sip_call_id : "–" },
        {
          name: t("call.sip_status"),
          value: [call.sip_status, call.sip_reason].filter(Boolean).join(" ") || "–",
        },
        { name: t("call.direction"), value: t(`direction.${call.direction}`) },
        { name: t("call.user_data"), value: call.user_data || "–" },
        { name: t("call.customer"), value: call.customer || "–" },
        { name: t("call.conversation"), value: <Conversation call={call} /> },
        ...call.variables.map(({ key, value }) => ({ name: `\${${key}}`, value })),
        ...call.recordings.map((recording) => ({
          name: `SHA-256 ${recording.track}`,
          value: recording.sha256,
        })),
      ]}
    />
  );
}

/** The chat that the call belongs to, for those who may read chats. */
function Conversation({ call }: { call: Schema<"CallView"> }) {
  const { t } = useTranslation();
  const mayRead = useSession()?.permissions.includes("chat");
  if (call.conversation === call.id) return t("call.no_chat");
  if (!mayRead) return call.conversation;
  return <a href={`/work?chat=${encodeURIComponent(call.conversation)}`}>{t("call.open_chat")}</a>;
}
