// The frame of a page, and the states that every list has: loading, empty, failed.

import { Button, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { Failure } from "../api/problem";
import css from "./Page.module.css";

/** A page with its title, which is the document's too. */
export function Page(props: {
  title: string;
  badges?: ReactNode;
  intro?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} · Switchboard`;
  }, [props.title]);
  return (
    <>
      <div className={css["head"]}>
        <h1 className={css["title"]}>{props.title}</h1>
        {props.badges}
        {props.actions && <div className={css["actions"]}>{props.actions}</div>}
        {props.intro && <p className={css["intro"]}>{props.intro}</p>}
      </div>
      {props.children}
    </>
  );
}

/** A framed part of a page. */
export function Card(props: { title?: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <section className={css["card"]}>
      {(props.title || props.actions) && (
        <div className={css["head"]}>
          {props.title && <h2 className={css["cardTitle"]}>{props.title}</h2>}
          {props.actions && <div className={css["actions"]}>{props.actions}</div>}
        </div>
      )}
      {props.children}
    </section>
  );
}

/** What a mark or a badge says at a glance; the word says it too. */
export type Tone = "ok" | "bad" | "warn" | "info" | "agent" | "caller" | "plain";

/** A short word with a color. */
export function Badge(props: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={css["badge"]} data-tone={props.tone ?? "plain"}>
      {props.children}
    </span>
  );
}

/** Names with values. */
export function Facts(props: { items: { name: string; value: ReactNode; tone?: Tone }[] }) {
  return (
    <dl className={css["facts"]}>
      {props.items.map((item) => (
        <div key={item.name}>
          <dt>{item.name}</dt>
          <dd data-tone={item.tone}>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Nothing there yet: a sentence, a button, a command. */
export function Empty(props: { title: string; text: string; action?: ReactNode; command?: string }) {
  return (
    <div className={css["empty"]}>
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.action}
      {props.command && (
        <p>
          <code>{props.command}</code>
        </p>
      )}
    </div>
  );
}

/** What failed, whether it was done, and the way out. */
export function Failed(props: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const error = props.error;
  const known = error instanceof Failure;
  const kind = known ? error.kind : "";
  const words = known && kind ? t(`problem.${kind.replaceAll("-", "_")}`, { defaultValue: "" }) : "";
  return (
    <div className={css["empty"]} role="alert">
      <h2>{words || t("problem.title")}</h2>
      <p>{known ? error.detail : String(error)}</p>
      {known && error.requestId && (
        <p>
          {t("problem.request")} <code>{error.requestId}</code>
        </p>
      )}
      {props.retry && (
        <Button variant="default" onClick={props.retry}>
          {t("action.retry")}
        </Button>
      )}
    </div>
  );
}

/** A failure in one line, under what was tried. */
export function FailedLine(props: { error: unknown }) {
  const { t } = useTranslation();
  if (!props.error) return null;
  const error = props.error;
  const known = error instanceof Failure;
  const kind = known ? error.kind.replaceAll("-", "_") : "";
  const words = (kind && t(`problem.${kind}`, { defaultValue: "" })) || t("problem.title");
  return (
    <p role="alert" className={css["badge"]} data-tone="bad">
      {words}
      {known && error.field ? ` · ${error.field}` : ""}
      {known && error.detail ? ` · ${error.detail}` : ""}
    </p>
  );
}

/** While the first answer is on its way. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <div className={css["empty"]} role="status">
      <Loader size="sm" />
      <p>{t("state.loading")}</p>
    </div>
  );
}

/** The page's parts, for tables and code. */
export { css as parts };
