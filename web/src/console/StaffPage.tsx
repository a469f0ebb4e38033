// People of the centre: who they are, what they may do, what they can take now.

import { Button, Checkbox, MultiSelect, Select, TextInput } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Confirm } from "../ui/Confirm";
import { Dialog, Form, SecretInput, useAct } from "../ui/Form";
import { Badge, Card, Empty, FailedLine, Page, type Tone } from "../ui/Page";
import { PAGE_ITEMS, Table, type Column } from "../ui/Table";
import { useFresh } from "./fresh";

type Person = Schema<"StaffView">;
type Status = Person["presence"]["status"];
type Role = Person["roles"][number];

/** Every role, the mightiest first. */
const ROLES: Role[] = ["administrator", "supervisor", "designer", "officer", "agent"];

const TONES: Record<Status, Tone> = {
  free: "ok",
  busy: "info",
  wrap_up: "info",
  rest: "warn",
  not_ready: "warn",
  offline: "plain",
};

const route = getRouteApi("/console/staff");

/** What somebody can take now, in a word with a color. */
export function StatusBadge({ status }: { status: Status }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[status]}>{t(`status.${status}`)}</Badge>;
}

export function StaffPage() {
  const { t } = useTranslation();
  const { offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  useFresh(["staff"], (event) => event.topic !== "call");
  const query = useOfInstance(
    ["staff", offset],
    (instance) => ask(api.GET("/api/v1/staff", { params: { query: { instance, offset, limit: PAGE_ITEMS } } })),
    { placeholderData: keepPreviousData, refetchInterval: 10_000 },
  );
  return (
    <Page title={t("nav.staff")} intro={t("staff.intro")} actions={<NewPerson />}>
      <Card>
        <Table
          label={t("nav.staff")}
          query={query}
          columns={useColumns()}
          rowKey={(person) => person.id}
          offset={offset}
          onOffset={(next) => void navigate({ search: { offset: next || undefined } })}
          empty={
            <Empty
              title={t("staff.none")}
              text={t("staff.none_why")}
              action={<NewPerson />}
              command="switchboard staff add lin@example.com"
            />
          }
        />
      </Card>
    </Page>
  );
}

function useColumns(): Column<Person>[] {
  const { t, i18n } = useTranslation();
  const groups = useGroups();
  return [
    { head: t("staff.name"), cell: (person) => person.name },
    { head: t("staff.email"), cell: (person) => person.email },
    {
      head: t("staff.roles"),
      cell: (person) =>
        person.roles.map((role) => (
          <Badge key={role} tone={role === "administrator" ? "agent" : "plain"}>
            {t(`role.${role}`)}
          </Badge>
        )),
    },
    {
      head: t("staff.groups"),
      cell: (person) =>
        person.skill_groups
          .map((one) => groups.find((group) => group.id === one.skill_group)?.name ?? one.skill_group)
          .join(", ") || "–",
    },
    {
      head: t("staff.status"),
      cell: (person) => (
        <>
          <StatusBadge status={person.presence.status} /> {person.presence.reason}
        </>
      ),
    },
    {
      head: t("staff.since"),
      numeric: true,
      cell: (person) => moment(person.presence.since, i18n.language),
    },
    { head: t("staff.do"), numeric: true, cell: (person) => <Actions person={person} /> },
  ];
}

/** The skill groups of the instance. */
export function useGroups(): Schema<"SkillGroupView">[] {
  const query = useOfInstance(["groups"], (instance) =>
    ask(api.GET("/api/v1/skill-groups", { params: { query: { instance, limit: 200 } } })),
  );
  return query.data?.items ?? [];
}

function Actions({ person }: { person: Person }) {
  const { t } = useTranslation();
  const params = { path: { id: person.id }, query: { instance: person.instance } };
  const force = useAct(
    () =>
      ask(
        api.POST(
          person.presence.forced_offline ? "/api/v1/staff/{id}/restore" : "/api/v1/staff/{id}/force-offline",
          { params },
        ) as Promise<{ data?: unknown; error?: unknown; response: Response }>,
      ),
    ["staff"],
  );
  const remove = useAct(() => ask(api.DELETE("/api/v1/staff/{id}", { params })), ["staff"]);
  return (
    <>
      <Edit person={person} />{" "}
      <Button size="xs" variant="default" loading={force.isPending} onClick={() => force.mutate()}>
        {t(person.presence.forced_offline ? "staff.restore" : "staff.force_offline")}
      </Button>{" "}
      <Confirm
        label={t("staff.remove")}
        question={t("staff.remove_question", { name: person.name })}
        onConfirm={() => remove.mutate()}
      />
      <FailedLine error={force.error ?? remove.error} />
    </>
  );
}

function Edit({ person }: { person: Person }) {
  const { t } = useTranslation();
  return (
    <Dialog size="xs" variant="default" label={t("staff.edit")} title={person.name}>
      {(close) => <PersonForm person={person} onDone={close} />}
    </Dialog>
  );
}

function NewPerson() {
  const { t } = useTranslation();
  return (
    <Dialog label={t("staff.new")} icon={<IconUserPlus size={18} aria-hidden="true" />}>
      {(close) => <PersonForm person={undefined} onDone={close} />}
    </Dialog>
  );
}

/** Asks who somebody is and what they may do. */
export function PersonForm({ person, onDone }: { person: Person | undefined; onDone: () => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const groups = useGroups();
  const [email, setEmail] = useState(person?.email ?? "");
  const [name, setName] = useState(person?.name ?? "");
  const [nick, setNick] = useState(person?.nick ?? "");
  const [password, setPassword] = useState("");
  const [language, setLanguage] = useState(person?.language ?? "en-US");
  const [roles, setRoles] = useState<Role[]>(person?.roles ?? ["agent"]);
  const [chosen, setChosen] = useState(person?.skill_groups.map((one) => String(one.skill_group)) ?? []);
  const save = async () => {
    const query = { instance: person?.instance ?? instance };
    const fields = { email, name, nick, language, roles, ...(password ? { password } : {}) };
    const saved = person
      ? await ask(
          api.PATCH("/api/v1/staff/{id}", {
            params: { path: { id: person.id }, query },
            body: fields as Schema<"StaffBody">,
          }),
        )
      : await ask(
          api.POST("/api/v1/staff", { params: { query }, body: fields as Schema<"StaffBody"> }),
        );
    await ask(
      api.PUT("/api/v1/staff/{id}/skill-groups", {
        params: { path: { id: saved.id }, query },
        body: { skill_groups: chosen.map((id) => ({ skill_group: Number(id), priority: 3 })) },
      }),
    );
  };
  return (
    <Form save={save} stale={["staff"]} submit={t(person ? "staff.save" : "action.create")} onSaved={onDone}>
      <TextInput
        label={t("staff.name")}
        required
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        type="email"
        label={t("staff.email")}
        required
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        label={t("staff.nick")}
        description={t("staff.nick_hint")}
        value={nick}
        onChange={(event) => setNick(event.currentTarget.value)}
      />
      <SecretInput
        kind="new-password"
        label={t("sign_in.password")}
        description={t(person ? "staff.password_kept" : "staff.password_hint")}
        required={!person}
        value={password}
        onChange={setPassword}
      />
      <Select
        mt="sm"
        label={t("shell.language")}
        allowDeselect={false}
        value={language}
        onChange={(value) => setLanguage(value === "zh-CN" ? "zh-CN" : "en-US")}
        data={[
          { value: "en-US", label: "English" },
          { value: "zh-CN", label: "中文" },
        ]}
      />
      <Checkbox.Group
        mt="sm"
        label={t("staff.roles")}
        value={roles}
        onChange={(value) => setRoles(value as Role[])}
      >
        {ROLES.map((role) => (
          <Checkbox key={role} mt="xs" value={role} label={t(`role.${role}`)} />
        ))}
      </Checkbox.Group>
      <MultiSelect
        mt="sm"
        label={t("staff.groups")}
        value={chosen}
        onChange={setChosen}
        data={groups.map((group) => ({ value: String(group.id), label: group.name }))}
      />
    </Form>
  );
}
