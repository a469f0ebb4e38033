// Telephones that register here: whose they are, whether they are reachable, how to set one up.

import { Alert } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { useInstance, useOfInstance } from "../api/instance";
import { ask } from "../api/problem";
import { moment } from "../i18n/format";
import { Code } from "../ui/ApiDrawer";
import { Confirm } from "../ui/Confirm";
import { Dialog, useAct } from "../ui/Form";
import { Badge, Card, Empty, FailedLine, Page } from "../ui/Page";
import { Table, type Column } from "../ui/Table";
import { PhoneForm } from "./PhoneForm";
import { useGroups } from "./StaffPage";

type Extension = Schema<"ExtensionView">;

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
      <Dialog size="xs" variant="default" label={t("action.edit")} title={`${extension.number} ${extension.name}`}>
        {(close) => <PhoneForm present={extension} onSaved={close} />}
      </Dialog>{" "}
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
          onSaved={(made) => {
            close();
            onMade(made);
          }}
        />
      )}
    </Dialog>
  );
}
