// Two who talk with each other: either can be put on hold, and goes on.

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { useAct } from "../ui/Form";
import { Badge, FailedLine } from "../ui/Page";
import { waits, type Side } from "./holds";
import type { CallEvent } from "./story";

export function Hold({ call, events, side }: { call: Schema<"CallView">; events: CallEvent[]; side: Side }) {
  const { t } = useTranslation();
  const isOnHold = waits(events, side);
  const params = { path: { id: call.id } };
  const turn = useAct(
    (on: boolean) =>
      on
        ? ask(api.POST("/api/v1/calls/{id}/hold", { params, body: { side } }))
        : ask(api.POST("/api/v1/calls/{id}/resume", { params, body: { side } })),
    ["call", call.id],
  );
  return (
    <li>
      <strong>{t(`control.side.${side}`)}</strong>{" "}
      <Badge tone={isOnHold ? "warn" : "ok"}>{t(isOnHold ? "control.on_hold" : "control.talks")}</Badge>{" "}
      <Button
        size="compact-xs"
        variant="default"
        loading={turn.isPending}
        aria-label={`${t(isOnHold ? "control.resume" : "control.hold")}: ${t(`control.side.${side}`)}`}
        onClick={() => turn.mutate(!isOnHold)}
      >
        {t(isOnHold ? "control.resume" : "control.hold")}
      </Button>
      <FailedLine error={turn.error} />
    </li>
  );
}
