// What is written down of a trunk: where it is, how it proves itself, what it carries, and where it
// differs from other carriers.

import { Button, Fieldset, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { EncryptionSelect } from "../ui/EncryptionSelect";
import { Form, SecretInput } from "../ui/Form";
import { CodecsSelect, KeyPressesSelect, MediaTimeoutInput } from "../ui/SoundSelects";

type TrunkView = Schema<"TrunkView">;
type Body = Schema<"TrunkBody">;
type Change = (change: Partial<Body>) => void;

const TRANSPORTS: Body["transport"][] = ["udp", "tcp", "tls"];
const IDENTITIES: Body["caller_identity"][] = ["from", "asserted", "hidden"];
const NUMBERS = [
  ["channels_max", 1, 100_000],
  ["calls_per_second_max", 1, 10_000],
  ["first_answer_second", 1, 32],
  ["redirects_max", 0, 10],
] as const;
const SWITCHES = ["early_media", "late_offer", "progress_first", "options_ping", "accepts_transfers", "asks_transfers", "simulated"] as const;

/** As the server has it by default. */
const USUAL: Body = {
  name: "",
  host: "",
  srv: false,
  port: 5060,
  transport: "udp",
  register: false,
  codecs: ["pcma", "pcmu", "g722", "opus"],
  encryption: "off",
  channels_max: 30,
  calls_per_second_max: 10,
  prefix_rules: [],
  callee_prefixes: [],
  redirects_max: 5,
  first_answer_second: 10,
  early_media: true,
  late_offer: false,
  progress_first: false,
  caller_identity: "from",
  options_ping: true,
  accepts_transfers: false,
  asks_transfers: false,
  key_presses: "auto",
  media_timeout_second: 30,
  simulated: false,
  enabled: true,
};

/** Adds a trunk, or changes every setting of one. Secrets are written and never shown. */
export function TrunkForm({ present, onSaved }: { present?: TrunkView; onSaved: (trunk: TrunkView) => void }) {
  const { t } = useTranslation();
  const [body, setBody] = useState<Body>(present ? bodyOf(present) : USUAL);
  const set: Change = (change) => setBody((old) => ({ ...old, ...change }));
  const save = () => {
    if (!present) {
      const { name, host, srv, port, transport, encryption, register, user, password } = body;
      // What the short form does not ask for, the server knows best.
      const asked = { name, host, srv, port, transport, encryption, ...(user ? { user, password, register } : {}) };
      return ask(api.POST("/api/v1/trunks", { body: asked as Body }));
    }
    return ask(api.PATCH("/api/v1/trunks/{id}", { params: { path: { id: present.id } }, body }));
  };
  return (
    <Form
      save={save}
      stale={["trunks"]}
      submit={t(present ? "action.save" : "action.create")}
      onSaved={onSaved}
    >
      <Where body={body} set={set} />
      <Proof body={body} set={set} present={present} />
      {present && (
        <>
          <Sound body={body} set={set} />
          <Limits body={body} set={set} />
          <Callees body={body} set={set} />
          <Certificates body={body} set={set} present={present} />
        </>
      )}
    </Form>
  );
}

function Where({ body, set }: { body: Body; set: Change }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t("trunks.name")}
        required
        maxLength={64}
        value={body.name}
        onChange={(e) => set({ name: e.currentTarget.value })}
      />
      <TextInput
        mt="sm"
        label={t("trunks.host")}
        placeholder="sip.carrier.example"
        required
        value={body.host}
        onChange={(e) => set({ host: e.currentTarget.value })}
      />
      <Switch
        mt="sm"
        label={t("trunks.srv")}
        checked={body.srv}
        onChange={(e) => set({ srv: e.currentTarget.checked })}
      />
      <NumberInput
        mt="sm"
        label={t("trunks.port")}
        min={1}
        max={65535}
        disabled={body.srv}
        value={body.port}
        onChange={(value) => set({ port: Number(value) })}
      />
      <Select
        mt="sm"
        label={t("trunks.transport")}
        allowDeselect={false}
        data={TRANSPORTS}
        value={body.transport}
        onChange={(value) => set({ transport: TRANSPORTS.find((one) => one === value) ?? "udp" })}
      />
      <EncryptionSelect value={body.encryption} onChange={(encryption) => set({ encryption })} />
    </>
  );
}

function Proof({ body, set, present }: { body: Body; set: Change; present: TrunkView | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        mt="sm"
        label={t("trunks.user")}
        value={body.user ?? ""}
        onChange={(e) => set(e.currentTarget.value ? { user: e.currentTarget.value } : { user: null, password: null })}
      />
      <SecretInput
        label={t("trunks.password")}
        {...(present?.has_password ? { description: t("trunks.secret_stays") } : {})}
        value={body.password ?? ""}
        onChange={(password) => set({ password: password || undefined })}
      />
      {body.user && (
        <Switch
          mt="sm"
          label={t("trunks.register")}
          description={t("trunks.register_hint")}
          checked={body.register}
          onChange={(e) => set({ register: e.currentTarget.checked })}
        />
      )}
      {present && (
        <TextInput
          mt="sm"
          label={t("trunks.domain")}
          placeholder={body.host}
          value={body.domain ?? ""}
          onChange={(e) => set({ domain: e.currentTarget.value || null })}
        />
      )}
    </>
  );
}

function Sound({ body, set }: { body: Body; set: Change }) {
  return (
    <>
      <CodecsSelect value={body.codecs} onChange={(codecs) => set({ codecs })} />
      <KeyPressesSelect value={body.key_presses} onChange={(key_presses) => set({ key_presses })} />
      <MediaTimeoutInput
        value={body.media_timeout_second}
        onChange={(media_timeout_second) => set({ media_timeout_second })}
      />
    </>
  );
}

function Limits({ body, set }: { body: Body; set: Change }) {
  const { t } = useTranslation();
  return (
    <>
      {NUMBERS.map(([field, min, max]) => (
        <NumberInput
          key={field}
          mt="sm"
          label={t(`trunks.${field}`)}
          min={min}
          max={max}
          value={body[field]}
          onChange={(value) => set({ [field]: Number(value) })}
        />
      ))}
      <Select
        mt="sm"
        label={t("trunks.caller_identity")}
        allowDeselect={false}
        data={IDENTITIES.map((value) => ({ value, label: t(`trunks.identity.${value}`) }))}
        value={body.caller_identity}
        onChange={(value) => set({ caller_identity: IDENTITIES.find((one) => one === value) ?? "from" })}
      />
      {SWITCHES.map((field) => (
        <Switch
          key={field}
          mt="sm"
          label={t(field === "simulated" ? "trunks.all_simulated" : `trunks.${field}`)}
          checked={body[field]}
          onChange={(e) => set({ [field]: e.currentTarget.checked })}
        />
      ))}
    </>
  );
}

function Callees({ body, set }: { body: Body; set: Change }) {
  const { t } = useTranslation();
  const rules = body.prefix_rules;
  const change = (at: number, rule: Partial<(typeof rules)[number]>) =>
    set({ prefix_rules: rules.map((one, idx) => (idx === at ? { ...one, ...rule } : one)) });
  return (
    <>
      <TagsInput
        mt="sm"
        label={t("trunks.callee_prefixes")}
        description={t("trunks.callee_prefixes_hint")}
        value={body.callee_prefixes}
        onChange={(callee_prefixes) => set({ callee_prefixes })}
      />
      {rules.map((rule, at) => (
        <Fieldset key={at} mt="sm" legend={t("trunks.rule", { n: at + 1 })}>
          <TextInput
            label={t("trunks.rule_prefix")}
            maxLength={15}
            value={rule.prefix}
            onChange={(e) => change(at, { prefix: e.currentTarget.value })}
          />
          <NumberInput
            mt="sm"
            label={t("trunks.rule_strip")}
            min={0}
            max={15}
            value={rule.strip}
            onChange={(value) => change(at, { strip: Number(value) })}
          />
          <TextInput
            mt="sm"
            label={t("trunks.rule_prepend")}
            maxLength={15}
            value={rule.prepend}
            onChange={(e) => change(at, { prepend: e.currentTarget.value })}
          />
          <Button
            mt="sm"
            size="xs"
            variant="default"
            onClick={() => set({ prefix_rules: rules.filter((_, idx) => idx !== at) })}
          >
            {t("trunks.rule_remove", { n: at + 1 })}
          </Button>
        </Fieldset>
      ))}
      <Button
        mt="sm"
        size="xs"
        variant="default"
        onClick={() => set({ prefix_rules: [...rules, { prefix: "", strip: 0, prepend: "" }] })}
      >
        {t("trunks.rule_add")}
      </Button>
    </>
  );
}

function Certificates({ body, set, present }: { body: Body; set: Change; present: TrunkView }) {
  const { t } = useTranslation();
  if (body.transport !== "tls") return null;
  return (
    <>
      {(["tls_authorities", "tls_certificate"] as const).map((field) => (
        <Textarea
          key={field}
          mt="sm"
          rows={3}
          label={t(`trunks.${field}`)}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={body[field] ?? ""}
          onChange={(e) => set({ [field]: e.currentTarget.value || null })}
        />
      ))}
      <Textarea
        mt="sm"
        rows={3}
        label={t("trunks.tls_key")}
        {...(present.has_tls_key ? { description: t("trunks.secret_stays") } : {})}
        placeholder="-----BEGIN PRIVATE KEY-----"
        value={body.tls_key ?? ""}
        onChange={(e) => set({ tls_key: e.currentTarget.value || undefined })}
      />
    </>
  );
}

/** What can be changed of a trunk, without what the server only tells. */
function bodyOf(present: TrunkView): Body {
  const { id: _, numbers, created_at, has_password, has_tls_key, ...rest } = present;
  const { circuit, circuit_since, answered_at, registration, ...body } = rest;
  return body;
}
