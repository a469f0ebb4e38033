// What the sound was like, measured by the server on its own socket, also without reports of the
// far end.

import { useTranslation } from "react-i18next";

import type { Schema } from "../api/client";
import { count } from "../i18n/format";
import { Facts, type Tone } from "../ui/Page";
import type { CallEvent } from "./story";

/** How a mean opinion score reads: 4.0 is good on a telephone, below 3.6 many complain. */
export function mosTone(mos: number): Tone {
  if (mos >= 4) return "ok";
  return mos >= 3.6 ? "warn" : "bad";
}

export function Quality(props: {
  quality: Schema<"QualityView"> | null | undefined;
  events: CallEvent[];
}) {
  return (
    <>
      <Measured quality={props.quality} />
      <Carried events={props.events} />
    </>
  );
}

/** How each side's signalling and sound travelled, as it was agreed on last. */
function Carried({ events }: { events: CallEvent[] }) {
  const { t } = useTranslation();
  const carried = new Map<string, Extract<CallEvent, { type: "carried" }>>();
  for (const event of events) {
    if (event.type === "carried") carried.set(event.side, event);
  }
  if (carried.size === 0) return null;
  return (
    <Facts
      items={[...carried.values()].map((event) => ({
        name: t(`call.carried.${event.side}`, { defaultValue: event.side }),
        value: [
          event.transport.toUpperCase(),
          event.suite ? t("call.carried.srtp", { suite: event.suite }) : t("call.carried.plain"),
        ].join(" · "),
      }))}
    />
  );
}

function Measured(props: { quality: Schema<"QualityView"> | null | undefined }) {
  const { t, i18n } = useTranslation();
  const quality = props.quality;
  if (!quality) return <p>{t("call.quality.none")}</p>;
  const all = quality.packets_received + quality.packets_lost;
  const lost = all > 0 ? (quality.packets_lost * 100) / all : 0;
  return (
    <>
      <Facts
        items={[
          { name: t("call.quality.mos"), value: quality.mos.toFixed(2), tone: mosTone(quality.mos) },
          {
            name: t("call.quality.lost"),
            value: `${lost.toFixed(2)} % (${count(quality.packets_lost, i18n.language)})`,
            tone: lost > 1 ? "bad" : "ok",
          },
          { name: t("call.quality.late"), value: count(quality.packets_late, i18n.language) },
          { name: t("call.quality.jitter"), value: `${quality.jitter_ms.toFixed(1)} ms` },
          {
            name: t("call.quality.rtt"),
            value: quality.rtt_ms > 0 ? `${quality.rtt_ms.toFixed(1)} ms` : t("call.quality.no_rtcp"),
          },
          { name: t("call.quality.received"), value: count(quality.packets_received, i18n.language) },
          { name: t("call.quality.sent"), value: count(quality.packets_sent, i18n.language) },
        ]}
      />
      <p>{t("call.quality.note")}</p>
    </>
  );
}
