// Telephones that register here: whose they are, whether they are reachable, how to set one up.

import { Alert, MultiSelect, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Code } from "../ui/ApiDrawer";
import { Confirm } from "../ui/Confirm";
import { EncryptionSelect, type Encryption } from "../ui/EncryptionSelect";
import { Dialog, Form, useAct } from "../ui/Form";
import { Badge, Card, Empty, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";
import { useGroups } from "./StaffPage";

type Extension = Schema<"ExtensionView">;

// What the form does not ask for, as the server has it by default.
const AS_USUAL = {
  calls_outside: true,
  forward_after_second: 20,
  codecs: ["pcma", "pcmu", "g722", "opus"],
  key_presses: "auto",
} satisfies Partial<Schema<"ExtensionBody">>;

export function Phones() {
  const { t } = useTranslation();
  const [made, setMade] = useState<Extension>();
  const query = useOfInstance(
    ["extensions"],
    (instance) => ask(api.GET("/api/v1/extensions", { params: { query: { instance, limit: 200 } } })),
    // Whether a phone has registered is what one waits for here.
    { refetchInterval: 3_000 },
  );
  const add = <NewPhone onMade={setMade} />;
  return (
    <Page title={t("nav.phones")} intro={t("phones.intro")} actions={add}>
      {made?.password && (
        <Alert
          color="blue"
          variant="outline"
          mb="md"
          title={t("keys.shown_once")}
          withCloseButton
          closeButtonLabel={t("action.close")}
          onClose={() => setMade(undefined)}
        >
          <Code
            text={[
              `${t("phones.user")}: ${made.number}`,
              `${t("phones.domain")}: ${made.domain}`,
              `${t("phones.proxy")}: ${made.outbound_proxy}`,
              `${t("phones.password")}: ${made.password}`,
            ].join("\n")}
          />
        </Alert>
      )}
      <Card>
        <Table
          label={t("nav.phones")}
          query={query}
          columns={useColumns(setMade)}
          rowKey={(one) => one.number}
          empty={<Empty title={t("phones.none")} text={t("phones.none_why")} action={<NewPhone onMade={setMade} />} />}
        />
      </Card>
    </Page>
  );
}

function useColumns(onMade: (made: Extension) => void): Column<Extension>[] {
  const { t, i18n } = useTranslation();
  const groups = useGroups();
  return [
    { head: t("phones.number"), numeric: true, cell: (one) => <strong>{one.number}</strong> },
    { head: t("staff.name"), cell: (one) => one.name },
    { head: t("phones.whose"), cell: (one) => one.staff ?? "–" },
    {
      head: t("staff.groups"),
      cell: (one) =>
        one.skill_groups.map((id) => groups.find((group) => group.id === id)?.name ?? id).join(", ") || "–",
    },
    { head: t("campaign.state_is"), cell: (one) => <State extension={one} /> },
    {
      head: t("phones.where"),
      cell: (one) =>
        one.phones.map((phone) => (
          <div key={phone.contact} title={moment(phone.expires_at, i18n.language)}>
            {phone.user_agent || phone.contact} · {phone.address} {phone.transport}
          </div>
        )),
    },
    { head: t("staff.do"), numeric: true, cell: (one) => <Actions extension={one} onMade={onMade} /> },
  ];
}

function State({ extension }: { extension: Extension }) {
  const { t } = useTranslation();
  if (extension.busy) return <Badge tone="info">{t("phones.busy")}</Badge>;
  return extension.phones.length > 0 ? (
    <Badge tone="ok">{t("phones.registered")}</Badge>
  ) : (
    <Badge tone="warn">{t("phones.not_registered")}</Badge>
  );
}

function Actions({ extension, onMade }: { extension: Extension; onMade: (made: Extension) => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const params = { path: { number: extension.number }, query: { instance } };
  const renew = useAct(
    () => ask(api.POST("/api/v1/extensions/{number}/password", { params })),
    ["extensions"],
    onMade,
  );
  const remove = useAct(() => ask(api.DELETE("/api/v1/extensions/{number}", { params })), ["extensions"]);
  return (
    <>
      <Confirm
        label={t("phones.renew")}
        question={t("phones.renew_question", { number: extension.number })}
        onConfirm={() => renew.mutate()}
      />{" "}
      <Confirm
        label={t("keys.remove")}
        question={t("keys.remove_question", { id: extension.number })}
        onConfirm={() => remove.mutate()}
      />
      <FailedLine error={renew.error ?? remove.error} />
    </>
  );
}

function NewPhone({ onMade }: { onMade: (made: Extension) => void }) {
  const { t } = useTranslation();
  return (
    <Dialog label={t("phones.new")} icon={<IconPlus size={18} aria-hidden="true" />}>
      {(close) => (
        <PhoneForm
          onMade={(made) => {
            close();
            onMade(made);
          }}
        />
      )}
    </Dialog>
  );
}

function PhoneForm({ onMade }: { onMade: (made: Extension) => void }) {
  const { t } = useTranslation();
  const instance = useInstance();
  const groups = useGroups().filter((group) => group.kind === "phone");
  const people = useOfInstance(["staff", "all"], (instance) =>
    ask(api.GET("/api/v1/staff", { params: { query: { instance, limit: 200 } } })),
  );
  const [number, setNumber] = useState("1001");
  const [name, setName] = useState("");
  const [staff, setStaff] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [encryption, setEncryption] = useState<Encryption>("optional");
  const save = () =>
    ask(
      api.POST("/api/v1/extensions", {
        params: { query: { instance } },
        body: { ...AS_USUAL, number, name, staff, encryption, skill_groups: chosen.map(Number) },
      }),
    );
  return (
    <Form save={save} stale={["extensions"]} submit={t("action.create")} onSaved={onMade}>
      <TextInput
        label={t("phones.number")}
        description={t("phones.number_hint")}
        required
        maxLength={6}
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        label={t("staff.name")}
        required
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        mt="sm"
        clearable
        label={t("phones.whose")}
        placeholder={t("numbers.nobody")}
        value={staff}
        onChange={setStaff}
        data={(people.data?.items ?? []).map((one) => ({ value: one.email, label: one.name }))}
      />
      <MultiSelect
        mt="sm"
        label={t("staff.groups")}
        value={chosen}
        onChange={setChosen}
        data={groups.map((group) => ({ value: String(group.id), label: group.name }))}
      />
      <EncryptionSelect value={encryption} onChange={setEncryption} />
    </Form>
  );
}
