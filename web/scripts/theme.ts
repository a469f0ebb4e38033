// Writes the kit's variables into a style sheet of their own at build time. The kit would write a
// style element into the page instead, which `style-src 'self'` forbids.

import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import type { Plugin } from "vite";

import { theme, variables } from "../src/ui/theme.ts";

const NAME = "virtual:theme.css";

export function themeSheet(): Plugin {
  return {
    name: "switchboard-theme",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? sheet() : null),
  };
}

function sheet(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const base = defaultCssVariablesResolver(merged);
  const own = variables(merged);
  return convertCssVariables(
    {
      variables: { ...base.variables, ...own.variables },
      light: { ...base.light, ...own.light },
      dark: { ...base.dark, ...own.dark },
    },
    ":root",
  );
}
