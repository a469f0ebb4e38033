// No such page: a way back instead of a blank one.

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Empty, Page } from "../ui/Page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("not_found.title")}>
      <Empty
        title={t("not_found.title")}
        text={t("not_found.text")}
        action={<Link to="/console">{t("nav.overview")}</Link>}
      />
    </Page>
  );
}
