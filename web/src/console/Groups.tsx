// Skill groups: staff who can take the same kind of work.

import { Fieldset, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, useAct } from "../ui/Form";
import { Card, Empty, FailedLine, Page } from "../ui/Page";
import { useSession } from "../ui/start";
import { Table, type Column } from "../ui/Table";
import { QueueFields, USUAL_QUEUE } from "./QueueFields";
import { QueuesNow } from "./QueuesNow";

type Group = Schema<"SkillGroupView">;
type Body = Schema<"SkillGroupBody">;
type Kind = Group["kind"];

/** What a group may take. */
const KINDS: Kind[] = ["phone", "chat", "audio", "video"];

const USUAL: Body = {
  name: "",
  kind: "phone",
  concurrency_max: 1,
  ring_all: false,
  last_staff_first: false,
  alias: "",
  queue: USUAL_QUEUE,
};

export function Groups() {
  const { t } = useTranslation();
  const instance = useInstance();
  const mayReadCalls = useSession()?.permissions.includes("read_calls");
  const query = useOfInstance(["groups"], (instance) =>
    ask(api.GET("/api/v1/skill-groups", { params: { query: { instance, limit: 200 } } })),
  );
  const staff = useOfInstance(["staff", "all"], (instance) =>
    ask(api.GET("/api/v1/staff", { params: { query: { instance, limit: 200 } } })),
  );
  const remove = useAct(
    (id: number) => ask(api.DELETE("/api/v1/skill-groups/{id}", { params: { path: { id }, query: { instance } } })),
    ["groups"],
  );
  const members = (group: Group) =>
    (staff.data?.items ?? []).filter((one) =>
      one.skill_groups.some((membership) => membership.skill_group === group.id),
    );
  const columns: Column<Group>[] = [
    { head: "ID", numeric: true, cell: (group) => group.id },
    { head: t("groups.name"), cell: (group) => group.name },
    { head: t("groups.kind"), cell: (group) => t(`groups.kinds.${group.kind}`) },
    { head: t("groups.at_once"), numeric: true, cell: (group) => group.concurrency_max },
    {
      head: t("groups.members"),
      cell: (group) => members(group).map((one) => one.name).join(", ") || t("groups.nobody"),
    },
    {
      head: t("groups.free"),
      numeric: true,
      cell: (group) => members(group).filter((one) => one.presence.status === "free").length,
    },
    {
      head: t("staff.do"),
      cell: (group) => (
        <>
          <Dialog size="xs" variant="default" label={t("action.edit")} title={group.name}>
            {(close) => <GroupForm present={group} onDone={close} />}
          </Dialog>{" "}
          <Confirm
            label={t("groups.remove")}
            question={t("groups.remove_question", { name: group.name })}
            onConfirm={() => remove.mutate(group.id)}
          />
        </>
      ),
    },
  ];
  return (
    <Page title={t("nav.groups")} intro={t("groups.intro")} actions={<NewGroup />}>
      <Card>
        <FailedLine error={remove.error} />
        <Table
          label={t("nav.groups")}
          query={query}
          columns={columns}
          rowKey={(group) => group.id}
          empty={
            <Empty
              title={t("groups.none")}
              text={t("groups.none_why")}
              action={<NewGroup />}
              command="switchboard skill-group add Support"
            />
          }
        />
      </Card>
      {mayReadCalls && query.data?.items.some((group) => group.kind === "phone") && <QueuesNow />}
    </Page>
  );
}

function NewGroup() {
  const { t } = useTranslation();
  return (
    <Dialog label={t("groups.new")} icon={<IconPlus size={18} aria-hidden="true" />}>
      {(close) => <GroupForm onDone={close} />}
    </Dialog>
  );
}

/** Adds a group, or changes one. */
function GroupForm({ present, onDone }: { present?: Group; onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [body, setBody] = useState<Body>(present ? bodyOf(present) : USUAL);
  const set = (change: Partial<Body>) => setBody((old) => ({ ...old, ...change }));
  const save = () => {
    if (!present) return ask(api.POST("/api/v1/skill-groups", { params: { query: { instance } }, body }));
    const params = { path: { id: present.id }, query: { instance } };
    return ask(api.PATCH("/api/v1/skill-groups/{id}", { params, body }));
  };
  return (
    <Form save={save} stale={["groups"]} submit={t(present ? "action.save" : "action.create")} onSaved={onDone}>
      <TextInput
        label={t("groups.name")}
        required
        maxLength={64}
        value={body.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {!present && (
        <Select
          mt="sm"
          label={t("groups.kind")}
          allowDeselect={false}
          value={body.kind}
          onChange={(value) => set({ kind: KINDS.find((one) => one === value) ?? body.kind })}
          data={KINDS.map((value) => ({ value, label: t(`groups.kinds.${value}`) }))}
        />
      )}
      {body.kind !== "phone" && (
        <NumberInput
          mt="sm"
          label={t("groups.at_once")}
          description={t("groups.at_once_hint")}
          min={1}
          max={100}
          value={body.concurrency_max}
          onChange={(value) => set({ concurrency_max: Number(value) })}
        />
      )}
      <Switch
        mt="sm"
        label={t("groups.last_first")}
        checked={body.last_staff_first}
        onChange={(event) => set({ last_staff_first: event.currentTarget.checked })}
      />
      {body.kind === "phone" && (
        <>
          <Switch
            mt="sm"
            label={t("groups.ring_all")}
            checked={body.ring_all}
            onChange={(event) => set({ ring_all: event.currentTarget.checked })}
          />
          <TextInput
            mt="sm"
            label={t("groups.alias")}
            description={t("groups.alias_hint")}
            maxLength={64}
            value={body.alias}
            onChange={(event) => set({ alias: event.currentTarget.value })}
          />
          <Fieldset mt="sm" legend={t("queue.rules")}>
            <QueueFields value={body.queue} onChange={(queue) => set({ queue })} group={present?.id} />
          </Fieldset>
        </>
      )}
    </Form>
  );
}

function bodyOf(present: Group): Body {
  const { id: _, instance, created_at, modified_at, ...body } = present;
  return body;
}
