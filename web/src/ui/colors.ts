// Light, dark, or as the system has it; and the colors of drawings, which style sheets cannot reach.

import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

/** What can be chosen; `auto` is as the system has it. */
export const COLORS = ["auto", "light", "dark"] as const;

/** The choice, and a way to change it. */
export function useColors() {
  // Stopping transitions would write a style element, which the policy forbids.
  return useMantineColorScheme({ keepTransitions: true });
}

/** Whether it is light or dark now: drawings follow it. */
export function useScheme(): "light" | "dark" {
  return useComputedColorScheme("light", { getInitialValueInEffect: false });
}

/** The present color of a variable of `base.css`, without its dashes. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
