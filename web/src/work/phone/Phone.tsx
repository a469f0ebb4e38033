// The phone of the workspace: on or off, a number to call, and the call that there is.

import { ActionIcon, Button, Popover, Switch, TextInput } from "@mantine/core";
import { IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../../api/client";
import { ask, Failure } from "../../api/problem";
import { Badge, type Tone } from "../../ui/Page";
import { Elapsed } from "../OwnStatus";
import { BrowserPhone } from "./line";
import css from "./Phone.module.css";
import { dialable, KEYS, type LineState, type PhoneCall } from "./state";

/** One for the page: a call goes on while parts of the page come and go. */
const phone = new BrowserPhone();

/** Whether this browser is somebody's phone, for the next visit. */
const KEPT_AS = "switchboard-phone";

const TONES: Record<LineState, Tone> = { off: "plain", connecting: "warn", ready: "ok", lost: "bad" };

function usePhone() {
  return useSyncExternalStore(phone.watch, phone.now);
}

/** Switches the phone, also by itself where it was on before. */
function useSwitch() {
  const switching = useMutation({
    mutationFn: async (on: boolean) => {
      localStorage.setItem(KEPT_AS, on ? "on" : "");
      if (on) await phone.switchOn(await ask(api.GET("/api/v1/phone", {})));
      else phone.switchOff();
    },
  });
  const { mutate } = switching;
  useEffect(() => {
    if (localStorage.getItem(KEPT_AS)) mutate(true);
  }, [mutate]);
  return switching;
}

/** What keeps the phone off, in words. */
function useHindrance(error: unknown): string {
  const { t } = useTranslation();
  if (!error) return "";
  if (error instanceof Failure) return error.status === 404 ? t("phone.none") : error.detail;
  const known: Record<string, string> = { insecure: t("phone.insecure"), no_microphone: t("phone.no_microphone") };
  const why = error instanceof Error ? error.message : "";
  return known[why] ?? t("phone.failed");
}

/** In the head of the page. */
export function PhoneSwitch() {
  const { t } = useTranslation();
  const { line } = usePhone();
  const switching = useSwitch();
  const hindrance = useHindrance(switching.error);
  return (
    <>
      {hindrance && (
        <span className={css["why"]} role="alert">
          {hindrance}
        </span>
      )}
      <Badge tone={TONES[line]}>{t(`phone.line.${line}`)}</Badge>
      <Switch
        size="sm"
        aria-label={t("phone.switch")}
        checked={line !== "off"}
        disabled={switching.isPending}
        onChange={(event) => switching.mutate(event.currentTarget.checked)}
      />
    </>
  );
}

/** Above the conversation while the phone is on. */
export function PhoneBar() {
  const { t } = useTranslation();
  const { line, why, call } = usePhone();
  if (line === "off") return null;
  return (
    <section className={css["bar"]} aria-label={t("phone.title")} data-phase={call?.phase ?? "none"}>
      {call ? <Call call={call} /> : <Dial ready={line === "ready"} />}
      {why && (
        <span className={css["why"]} role="status">
          {t(`phone.why.${why}`)}
        </span>
      )}
    </section>
  );
}

function Dial({ ready }: { ready: boolean }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    phone.dial(text);
  };
  return (
    <form className={css["row"]} onSubmit={submit}>
      <TextInput
        size="xs"
        type="tel"
        aria-label={t("phone.number")}
        placeholder={t("phone.number_hint")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" leftSection={<IconPhone size={14} aria-hidden="true" />} disabled={!ready || !dialable(text)}>
        {t("phone.call")}
      </Button>
    </form>
  );
}

function Call({ call }: { call: PhoneCall }) {
  const { t } = useTranslation();
  const talks = call.phase === "talks";
  return (
    <div className={css["row"]}>
      <span role="status">
        {t(`phone.phase.${call.phase}`)} <strong>{call.peer}</strong>
      </span>
      {talks && <Elapsed since={new Date(call.since).toISOString()} name={(time) => t("phone.for", { time })} />}
      {call.keys && <span className="number">{call.keys}</span>}
      <span className={css["space"]} />
      {call.phase === "rings" && (
        <Button size="xs" leftSection={<IconPhone size={14} aria-hidden="true" />} onClick={() => phone.answer()}>
          {t("phone.answer")}
        </Button>
      )}
      {talks && (
        <>
          <Toggle on={call.muted} label={t("phone.mute")} onChange={(on) => phone.mute(on)} />
          <Toggle on={call.held} label={t("phone.hold")} onChange={(on) => phone.hold(on)} />
          <Keypad />
          <Transfer />
        </>
      )}
      <Button size="xs" color="red" leftSection={<IconPhoneOff size={14} aria-hidden="true" />} onClick={() => phone.hangUp()}>
        {t(call.phase === "rings" ? "phone.decline" : "phone.hang_up")}
      </Button>
    </div>
  );
}

function Toggle(props: { on: boolean; label: string; onChange: (on: boolean) => void }) {
  return (
    <Button size="xs" variant={props.on ? "filled" : "default"} aria-pressed={props.on} onClick={() => props.onChange(!props.on)}>
      {props.label}
    </Button>
  );
}

function Keypad() {
  const { t } = useTranslation();
  return (
    <Popover position="bottom" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant="default">
          {t("phone.keys")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("phone.keys")}>
        <div className={css["keys"]}>
          {KEYS.map((key) => (
            <ActionIcon key={key} size="lg" variant="default" aria-label={key} onClick={() => phone.press(key)}>
              {key}
            </ActionIcon>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Transfer() {
  const { t } = useTranslation();
  const [to, setTo] = useState("");
  return (
    <Popover position="bottom" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant="default">
          {t("phone.transfer")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("phone.transfer")}>
        <form
          className={css["row"]}
          onSubmit={(event) => {
            event.preventDefault();
            phone.transfer(to);
          }}
        >
          <TextInput
            size="xs"
            type="tel"
            aria-label={t("phone.transfer_to")}
            placeholder={t("phone.number_hint")}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" disabled={!dialable(to)}>
            {t("phone.transfer")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
