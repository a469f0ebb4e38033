// How far a campaign is, as a bar whose parts are told in words too.

import { useTranslation } from "react-i18next";

import type { Schema } from "../api/client";
import { count } from "../i18n/format";
import { Badge, type Tone } from "../ui/Page";
import css from "./Campaigns.module.css";

/** Where contacts may be, those that are through first. */
export const PLACES = ["reached", "failed", "dialing", "waiting", "paused", "canceled"] as const;

/** The bar; `legend` shows its parts in words below. */
export function Progress(props: { progress: Schema<"ProgressView">; legend?: boolean }) {
  const { t, i18n } = useTranslation();
  const { progress } = props;
  const shown = PLACES.filter((place) => progress[place] > 0);
  const words = shown
    .map((place) => `${t(`campaign.contact.${place}`)} ${count(progress[place], i18n.language)}`)
    .join(" · ");
  return (
    <>
      <div className={css["bar"]} role="img" aria-label={words || t("campaign.nobody")} title={words}>
        {shown.map((place) => (
          <span key={place} data-place={place} style={{ flexGrow: progress[place], flexBasis: 0 }} />
        ))}
      </div>
      {props.legend && (
        <ul className={css["legend"]}>
          {PLACES.map((place) => (
            <li key={place}>
              <i data-place={place} />
              {t(`campaign.contact.${place}`)} <strong>{count(progress[place], i18n.language)}</strong>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const TONES: Record<string, Tone> = { running: "ok", paused: "warn", completed: "info", canceled: "plain" };

/** What a campaign does now. */
export function CampaignState(props: { state: string }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[props.state] ?? "plain"}>{t(`campaign.state.${props.state}`)}</Badge>;
}
