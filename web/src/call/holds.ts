// Who waits for whom, as the events of a call tell.

import type { Schema } from "../api/client";
import type { CallEvent } from "./story";

/** A side of a call that two people have. */
export type Side = "user" | "staff";

/** Whether this side is on hold: by the other side's phone, or because somebody asked for it. */
export function waits(events: CallEvent[], side: Side): boolean {
  const by = side === "user" ? "staff" : "user";
  return events.reduce((held, event) => (event.type === "hold_changed" && event.by === by ? event.held : held), false);
}

/** Whether the person talks with a phone, and everybody hears nobody else: then either can be put on hold. */
export function canHold(call: Pick<Schema<"CallView">, "state" | "servings" | "parties">): boolean {
  const talks = call.servings.some((serving) => serving.answered_at && !serving.ended_at);
  const isHeard = call.parties.some(
    (party) => party.joined_at && !party.left_at && (party.role === "participant" || party.role === "barge"),
  );
  return call.state === "up" && talks && !isHeard;
}
