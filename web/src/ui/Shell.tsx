// The frame of the console: where one can go, what is being looked for, whether the screen is live.

import { ActionIcon, Button, Menu, Select } from "@mantine/core";
import { openSpotlight, Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import {
  IconAdjustments,
  IconApi,
  IconBrain,
  IconBroadcast,
  IconDeviceLandlinePhone,
  IconKey,
  IconLayoutDashboard,
  IconMenu2,
  IconMessage2Bolt,
  IconMessageCog,
  IconMessages,
  IconPhoneCall,
  IconPlugConnected,
  IconRobot,
  IconSearch,
  IconShieldCheck,
  IconSpeakerphone,
  IconUserCircle,
  IconUsers,
  IconUsersGroup,
  IconVolume,
  IconWebhook,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { chooseInstance, useInstance, useInstances } from "../api/instance";
import { signOut, type Session } from "../api/session";
import { LANGUAGES, speak } from "../i18n";
import { ApiDrawer } from "./ApiDrawer";
import { COLORS, useColors } from "./colors";
import { LiveSign } from "./LiveSign";
import css from "./Shell.module.css";

/** Places of the console, in groups, with the permission that each needs. */
const PLACES = [
  {
    group: "watch",
    places: [
      { to: "/console", name: "overview", needs: "own", icon: IconLayoutDashboard },
      { to: "/console/live", name: "live", needs: "read_calls", icon: IconBroadcast },
      { to: "/console/calls", name: "calls", needs: "read_calls", icon: IconPhoneCall },
      { to: "/console/campaigns", name: "campaigns", needs: "read_calls", icon: IconSpeakerphone },
      { to: "/console/dialogues", name: "dialogues", needs: "read_calls", icon: IconMessage2Bolt },
    ],
  },
  {
    group: "build",
    places: [
      { to: "/console/agents", name: "agents", needs: "read_design", icon: IconRobot },
      { to: "/console/models", name: "models", needs: "read_design", icon: IconBrain },
      { to: "/console/speech", name: "speech", needs: "read_design", icon: IconVolume },
      { to: "/console/trunks", name: "trunks", needs: "read_settings", icon: IconPlugConnected },
      { to: "/console/pushes", name: "pushes", needs: "read_settings", icon: IconWebhook },
      { to: "/console/chat", name: "chat", needs: "read_settings", icon: IconMessageCog },
    ],
  },
  {
    group: "people",
    places: [
      { to: "/console/staff", name: "staff", needs: "own", icon: IconUsers },
      { to: "/console/phones", name: "phones", needs: "own", icon: IconDeviceLandlinePhone },
      { to: "/console/groups", name: "groups", needs: "own", icon: IconUsersGroup },
    ],
  },
  {
    group: "installation",
    places: [
      { to: "/console/settings", name: "settings", needs: "read_settings", icon: IconAdjustments },
      { to: "/console/keys", name: "keys", needs: "manage_keys", icon: IconKey },
      { to: "/console/audit", name: "audit", needs: "read_audit", icon: IconShieldCheck },
    ],
  },
] as const;

export function Shell(props: { session: Session; children: ReactNode }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [menu, setMenu] = useState(false);
  const [drawer, setDrawer] = useState(false);
  useEffect(() => setMenu(false), [path]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      if (event.key === "~" && !typing && !event.isComposing) setDrawer((open) => !open);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return (
    <div className={css["shell"]}>
      <a className={css["skip"]} href="#main">
        {t("shell.skip")}
      </a>
      <nav className={css["side"]} data-open={menu} aria-label={t("shell.navigation")}>
        <Link to="/console" className={css["brand"] ?? ""}>
          <img src="/assets/icon.svg" alt="" />
          Switchboard
        </Link>
        {placesOf(props.session).map(({ group, places }) => (
          <div key={group}>
            <p className={css["group"]}>{t(`nav.${group}`)}</p>
            <ul className={css["links"]}>
              {places.map(({ to, name, icon: Icon }) => (
                <li key={to}>
                  <Link
                    to={to}
                    className={css["link"] ?? ""}
                    activeOptions={{ exact: to === "/console", includeSearch: false }}
                  >
                    <Icon size={19} stroke={1.7} aria-hidden="true" />
                    {t(`nav.${name}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
        {props.session.permissions.includes("chat") && (
          <>
            <p className={css["group"]}>{t("nav.work")}</p>
            <ul className={css["links"]}>
              <li>
                <a className={css["link"]} href="/work">
                  <IconMessages size={19} stroke={1.7} aria-hidden="true" />
                  {t("nav.workspace")}
                </a>
              </li>
            </ul>
          </>
        )}
      </nav>
      <header className={css["top"]}>
        <ActionIcon
          className={css["burger"] ?? ""}
          variant="default"
          size="lg"
          aria-label={t("shell.menu")}
          aria-expanded={menu}
          onClick={() => setMenu((open) => !open)}
        >
          <IconMenu2 size={20} aria-hidden="true" />
        </ActionIcon>
        <button type="button" className={css["find"]} onClick={openSpotlight} aria-label={t("find.open")}>
          <IconSearch size={17} aria-hidden="true" />
          <span>{t("find.open")}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <span className={css["space"]} />
        <LiveSign />
        <Instances />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconApi size={17} aria-hidden="true" />}
          onClick={() => setDrawer(true)}
        >
          API
        </Button>
        <Account session={props.session} />
      </header>
      <main className={css["main"]} id="main" tabIndex={-1}>
        {props.children}
      </main>
      <ApiDrawer opened={drawer} onClose={() => setDrawer(false)} />
      <Find session={props.session} />
    </div>
  );
}

/** The places that a person may see: others would only answer with a refusal. */
function placesOf(session: Session) {
  return PLACES.map(({ group, places }) => ({
    group,
    places: places.filter((place) => session.permissions.includes(place.needs)),
  })).filter(({ places }) => places.length > 0);
}

/** Which instance is looked at; only where there are several. */
function Instances() {
  const { t } = useTranslation();
  const all = useInstances().data?.items ?? [];
  const chosen = useInstance();
  if (all.length < 2) return null;
  return (
    <Select
      size="xs"
      w={150}
      aria-label={t("shell.instance")}
      allowDeselect={false}
      value={chosen ? String(chosen) : null}
      data={all.map((one) => ({ value: String(one.id), label: one.name }))}
      onChange={(value) => value && chooseInstance(Number(value))}
    />
  );
}

function Account({ session }: { session: Session }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await signOut();
    client.clear();
    client.setQueryData(["session"], null);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={t("shell.account", { name: session.staff.name })}>
          <IconUserCircle size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.staff.name} · {session.staff.email}
        </Menu.Label>
        <Menu.Label>{session.staff.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(", ")}</Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: "/console/account" })}>{t("account.title")}</Menu.Item>
        <Menu.Divider />
        {LANGUAGES.map(({ code, name }) => (
          <Menu.Item key={code} lang={code} onClick={() => void speak(code)}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Colors />
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>{t("shell.sign_out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Light, dark, or as the system has it. */
function Colors() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useColors();
  return COLORS.map((value) => (
    <Menu.Item
      key={value}
      role="menuitemradio"
      aria-checked={value === colorScheme}
      rightSection={value === colorScheme ? "✓" : undefined}
      onClick={() => setColorScheme(value)}
    >
      {t(`shell.color.${value}`)}
    </Menu.Item>
  ));
}

/** `Ctrl K`: places, and calls by id or number. */
function Find({ session }: { session: Session }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const actions: SpotlightActionData[] = placesOf(session).flatMap(({ places }) =>
    places.map(({ to, name }) => ({
      id: to,
      label: t(`nav.${name}`),
      onClick: () => void navigate({ to }),
    })),
  );
  const sought = query.trim();
  if (/^\+?\d{3,15}$/.test(sought)) {
    actions.unshift({
      id: "number",
      label: t("find.number", { number: sought }),
      onClick: () => void navigate({ to: "/console/calls", search: { number: sought } }),
    });
  }
  if (/^[0-9a-f-]{8,64}$/i.test(sought)) {
    actions.unshift({
      id: "call",
      label: t("find.call", { id: sought }),
      onClick: () => void navigate({ to: "/console/calls/$id", params: { id: sought } }),
    });
  }
  return (
    <Spotlight
      lockScroll={false}
      attributes={{ content: { "aria-label": t("find.open") } }}
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      filter={(wanted, all) => {
        const words = wanted.trim().toLowerCase();
        return all.filter(
          (one) =>
            "id" in one && (one.id === "number" || one.id === "call" || String(one.label).toLowerCase().includes(words)),
        );
      }}
      nothingFound={t("find.nothing")}
      searchProps={{ placeholder: t("find.hint"), "aria-label": t("find.open") }}
    />
  );
}
