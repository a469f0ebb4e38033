// Skill groups: staff who can take the same kind of work.

import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, useAct } from "../ui/Form";
import { Card, Empty, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";

type Group = Schema<"SkillGroupView">;
type Kind = Group["kind"];

/** What a group may take. */
const KINDS: Kind[] = ["phone", "chat", "audio", "video"];

export function Groups() {
  const { t } = useTranslation();
  const instance = useInstance();
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
        <Confirm
          label={t("groups.remove")}
          question={t("groups.remove_question", { name: group.name })}
          onConfirm={() => remove.mutate(group.id)}
        />
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

function GroupForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Kind>("phone");
  const [atOnce, setAtOnce] = useState(1);
  const [lastFirst, setLastFirst] = useState(false);
  const save = () =>
    ask(
      api.POST("/api/v1/skill-groups", {
        params: { query: { instance } },
        body: { name, kind, concurrency_max: atOnce, last_staff_first: lastFirst, ring_all: false, alias: "" },
      }),
    );
  return (
    <Form save={save} stale={["groups"]} submit={t("action.create")} onSaved={onDone}>
      <TextInput
        label={t("groups.name")}
        required
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        mt="sm"
        label={t("groups.kind")}
        allowDeselect={false}
        value={kind}
        onChange={(value) => setKind(KINDS.find((one) => one === value) ?? kind)}
        data={KINDS.map((value) => ({ value, label: t(`groups.kinds.${value}`) }))}
      />
      <NumberInput
        mt="sm"
        label={t("groups.at_once")}
        description={t("groups.at_once_hint")}
        min={1}
        max={100}
        value={atOnce}
        onChange={(value) => setAtOnce(Number(value))}
      />
      <Switch
        mt="sm"
        label={t("groups.last_first")}
        checked={lastFirst}
        onChange={(event) => setLastFirst(event.currentTarget.checked)}
      />
    </Form>
  );
}
