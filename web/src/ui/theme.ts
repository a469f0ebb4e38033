// Colors and sizes. Every text color here has a contrast of at least 4.5:1 on its background;
// axe checks it on every page.

import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "blue",
  primaryShade: 9,
  defaultRadius: "md",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  lineHeights: { md: "1.6" },
  headings: { fontWeight: "650" },
  components: {
    // Locking the scroll bar would write a style element, which the policy forbids.
    Modal: { defaultProps: { lockScroll: false } },
    Drawer: { defaultProps: { lockScroll: false } },
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
  dark: {},
});
