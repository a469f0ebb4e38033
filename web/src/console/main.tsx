// Starts the console.

import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "virtual:theme.css";
import "../ui/base.css";

import { RouterProvider } from "@tanstack/react-router";

import { start } from "../ui/start";
import { router } from "./routes";

void start(<RouterProvider router={router} />);
