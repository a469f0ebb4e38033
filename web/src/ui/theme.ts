// Colors and sizes. Every text color here has a contrast of at least 4.5:1 on its background;
// axe checks it on every page.

import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  // Greys of the dark scheme have the blue of the light one's.
  colors: {
    dark: [
      "#dde3ec", "#c3cbd8", "#a9b4c4", "#7f8b9d", "#4b5667",
      "#2a323e", "#1d242e", "#171c24", "#10151c", "#0b0f14",
    ],
  },
  primaryColor: "blue",
  primaryShade: 9,
  defaultRadius: "md",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  lineHeights: { md: "1.6" },
  headings: { fontWeight: "650" },
  components: {
    // Locking the scroll bar would write a style element, which the policy forbids. The head of a
    // dialog is not the head of the page.
    Modal: { defaultProps: { lockScroll: false, attributes: { header: { role: "presentation" } } } },
    Drawer: { defaultProps: { lockScroll: false, attributes: { header: { role: "presentation" } } } },
    // The placeholder is no child that a menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#4b5563",
    "--mantine-color-placeholder": "#5f6b7a",
    "--mantine-color-error": "#b42318",
    "--mantine-color-text": "#111827",
    "--mantine-color-anchor": "#1864ab",
    "--mantine-color-default-border": "#d6dbe3",
  },
  dark: {
    "--mantine-color-body": "#171c24",
    "--mantine-color-dimmed": "#a9b4c4",
    "--mantine-color-placeholder": "#93a0b2",
    "--mantine-color-error": "#ff9c92",
    "--mantine-color-text": "#e8ecf2",
    "--mantine-color-anchor": "#8ec7ff",
    "--mantine-color-default": "#1d242e",
    "--mantine-color-default-hover": "#262f3b",
    "--mantine-color-default-color": "#e8ecf2",
    "--mantine-color-default-border": "#3a4453",
    "--mantine-color-red-filled": "#c92a2a",
    "--mantine-color-red-filled-hover": "#b42318",
    "--mantine-color-disabled-color": "#8d99ab",
  },
});
