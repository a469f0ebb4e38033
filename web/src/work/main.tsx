// Starts the workspace.

import "@mantine/core/styles.css";
import "virtual:theme.css";
import "../ui/base.css";

import { SignedIn, start } from "../ui/start";
import { Workspace } from "./Workspace";

void start(<SignedIn>{(session) => <Workspace session={session} />}</SignedIn>);
