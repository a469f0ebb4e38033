// What one can take now, and the time for notes after a conversation.

import { Button, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { position } from "../i18n/format";
import { Badge, FailedLine } from "../ui/Page";
import css from "./Workspace.module.css";

/** What a person may choose of their own status. */
const CHOICES = ["free", "rest", "not_ready", "offline"] as const;

type Wish = Schema<"StatusWish">["status"];

/** One's own status, and the act of changing it. */
function useStatus(staff: number, instance: number) {
  const client = useQueryClient();
  const params = { path: { id: staff }, query: { instance } };
  const query = useQuery({
    queryKey: ["own status"],
    refetchInterval: 5_000,
    queryFn: () => ask(api.GET("/api/v1/staff/{id}/status", { params })),
  });
  const change = useMutation({
    mutationFn: (status: Wish) => ask(api.PUT("/api/v1/staff/{id}/status", { params, body: { status, reason: "" } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["own status"] }),
  });
  return { presence: query.data?.presence, change };
}

export function OwnStatus({ staff, instance }: { staff: number; instance: number }) {
  const { t } = useTranslation();
  const { presence, change } = useStatus(staff, instance);
  const status = presence?.status ?? "offline";
  return (
    <>
      {presence?.reserved && <Badge tone="warn">{t("work.then", { status: t(`status.${presence.reserved}`) })}</Badge>}
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

/** While one writes notes: for how long, about what, and the way back to work. */
export function WrapUp(props: { staff: number; instance: number; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const { presence, change } = useStatus(props.staff, props.instance);
  if (presence?.status !== "wrap_up") return null;
  const { work } = presence;
  return (
    <section className={css["wrapUp"]} aria-label={t("status.wrap_up")}>
      <span role="status">
        <strong>{t("work.wrap_up")}</strong> {t("work.wrap_up_why")}
      </span>
      <Elapsed since={presence.since} name={(time) => t("work.wrap_up_for", { time })} />
      <span className={css["space"]} />
      {work && (
        <Button size="xs" variant="default" onClick={() => props.onChoose(work)}>
          {t("work.wrap_up_open")}
        </Button>
      )}
      <Button size="xs" loading={change.isPending} onClick={() => change.mutate("free")}>
        {t("work.wrap_up_done")}
      </Button>
      <FailedLine error={change.error} />
    </section>
  );
}

/** Counts the time since then, which `name` puts in words. Read out only when it is asked for. */
export function Elapsed({ since, name }: { since: string; name: (time: string) => string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const text = position(Math.max(0, now - Date.parse(since))).replace(/\.\d$/, "");
  return (
    <span className="number" role="timer" aria-label={name(text)}>
      {text}
    </span>
  );
}
