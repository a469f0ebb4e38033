// Starts the set-up page.

import "@mantine/core/styles.css";
import "virtual:theme.css";
import "../ui/base.css";

import { start } from "../ui/start";
import { Setup } from "./Setup";

void start(<Setup />);
