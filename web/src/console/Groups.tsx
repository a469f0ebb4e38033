// Skill groups: staff who can take the same kind of work.

import { Button, Modal, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance } from "../api/instance";
import { ask } from "../api/problem";
import { Confirm } from "../ui/Confirm";
import { Card, Empty, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";

type Group = Schema<"SkillGroupView">;
type Kind = Group["kind"];

/** What a group may take. */
const KINDS: Kind[] = ["phone", "chat", "audio", "video"];

export function Groups() {
  const { t } = useTranslation();
  const instance = useInstance();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["groups", instance],
    enabled: instance !== undefined,
    queryFn: () =>
      ask(api.GET("/api/v1/skill-groups", { params: { query: { instance, limit: 200 } } })),
  });
  const staff = useQuery({
    queryKey: ["staff", instance, "all"],
    enabled: instance !== undefined,
    queryFn: () => ask(api.GET("/api/v1/staff", { params: { query: { instance, limit: 200 } } })),
  });
  const remove = useMutation({
    mutationFn: (id: number) =>
      ask(api.DELETE("/api/v1/skill-groups/{id}", { params: { path: { id }, query: { instance } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["groups"] }),
  });
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
  const instance = useInstance();
  const client = useQueryClient();
  const [opened, { open, close }] = useDisclosure(false);
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Kind>(KINDS[0] as Kind);
  const [atOnce, setAtOnce] = useState(1);
  const [lastFirst, setLastFirst] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/v1/skill-groups", {
          params: { query: { instance } },
          body: {
            name,
            kind,
            concurrency_max: atOnce,
            last_staff_first: lastFirst,
            ring_all: false,
            alias: "",
          },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["groups"] });
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <>
      <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={open}>
        {t("groups.new")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("groups.new")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <form onSubmit={submit}>
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
          <FailedLine error={create.error} />
          <Button mt="md" type="submit" loading={create.isPending}>
            {t("action.create")}
          </Button>
        </form>
      </Modal>
    </>
  );
}
