// Every event of the call as the journal holds it.

import { useTranslation } from "react-i18next";

import { clock } from "../i18n/format";
import { parts as css } from "../ui/Page";
import type { CallEvent } from "./story";

export function Events(props: { events: readonly CallEvent[] }) {
  const { t } = useTranslation();
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label={t("call.tab.events")}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t("call.event.at")}</th>
            <th scope="col">{t("call.event.what")}</th>
            <th scope="col">{t("call.event.details")}</th>
          </tr>
        </thead>
        <tbody>
          {props.events.map((event) => (
            <tr key={event.n}>
              <td className="number">{event.n}</td>
              <td className="number">{clock(event.at)}</td>
              <td>{t(`event.${event.type}`, { defaultValue: event.type })}</td>
              <td>{details(event)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The fields of an event in one line; empty ones are left out. */
export function details(event: CallEvent): string {
  return Object.entries(event)
    .filter(([name]) => !["n", "at", "type", "url", "from", "to"].includes(name))
    .filter(([, value]) => value !== null && value !== "" && !isEmptyList(value))
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(" · ");
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
