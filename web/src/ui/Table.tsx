// A list of the server as a table: its own states, pages by offset, and rows that are links.

import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { count } from "../i18n/format";
import { Failed, parts as css, Waiting } from "./Page";

/** Items that a page of a table has. */
export const PAGE_ITEMS = 50;

/** A column. */
export interface Column<T> {
  head: string;
  cell: (item: T) => ReactNode;
  /** Figures, aligned and unbroken. */
  numeric?: boolean;
}

/** A page of the server's list. */
export interface Listed<T> {
  items: T[];
  total: number;
}

export function Table<T>(props: {
  label: string;
  query: UseQueryResult<Listed<T>>;
  columns: Column<T>[];
  rowKey: (item: T) => string | number;
  empty: ReactNode;
  offset?: number;
  onOffset?: (offset: number) => void;
}) {
  const { t, i18n } = useTranslation();
  const { query } = props;
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { items, total } = query.data;
  if (total === 0 || items.length === 0) return <>{props.empty}</>;
  const offset = props.offset ?? 0;
  return (
    <>
      <div className={css["scroll"]} tabIndex={0} role="region" aria-label={props.label}>
        {/* Roles are said, since narrow screens lay rows out as cards. */}
        <table className={`${css["table"]} ${css["cards"]}`} role="table">
          <thead role="rowgroup">
            <tr role="row">
              {props.columns.map((column) => (
                <th key={column.head} scope="col" role="columnheader">
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {items.map((item) => (
              <tr key={props.rowKey(item)} role="row">
                {props.columns.map((column) => (
                  <td
                    key={column.head}
                    role="cell"
                    data-head={column.head}
                    className={column.numeric ? "number" : undefined}
                  >
                    {column.cell(item)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={css["pager"]}>
        <span>
          {t("list.range", {
            from: count(offset + 1, i18n.language),
            to: count(offset + items.length, i18n.language),
            total: count(total, i18n.language),
          })}
        </span>
        {props.onOffset && total > PAGE_ITEMS && (
          <span>
            <Button
              variant="default"
              size="xs"
              disabled={offset === 0}
              onClick={() => props.onOffset?.(Math.max(0, offset - PAGE_ITEMS))}
            >
              {t("list.newer")}
            </Button>{" "}
            <Button
              variant="default"
              size="xs"
              disabled={offset + items.length >= total}
              onClick={() => props.onOffset?.(offset + PAGE_ITEMS)}
            >
              {t("list.older")}
            </Button>
          </span>
        )}
      </div>
    </>
  );
}
