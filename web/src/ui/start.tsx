// What every page of the console has around it: languages, colors, the server's state.

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { StrictMode, useEffect, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

import { Failure } from "../api/problem";
import { presentSession, type Session } from "../api/session";
import { speakAtFirst, startLanguages } from "../i18n";
import { Failed, Waiting } from "./Page";
import { SignIn } from "./SignIn";
import { theme } from "./theme";

/** Light or dark, as it was chosen in this browser; else as the system has it. */
const colors = localStorageColorSchemeManager({ key: "switchboard-colors" });

/** Tries again what may have failed by chance only. */
function retry(failures: number, error: unknown): boolean {
  const transient = error instanceof Failure && (error.status === 0 || error.status >= 502);
  return transient && failures < 3;
}

export const client = new QueryClient({
  defaultOptions: { queries: { retry, staleTime: 5_000, refetchOnWindowFocus: true } },
});

/** Shows `content` in the page. The kit's own style elements stay off: the policy forbids them. */
export async function start(content: ReactNode): Promise<void> {
  await startLanguages();
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no root");
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <MantineProvider
          theme={theme}
          defaultColorScheme="auto"
          colorSchemeManager={colors}
          withCssVariables={false}
          withGlobalClasses={false}
        >
          {content}
        </MantineProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** Who is signed in; undefined outside of {@link SignedIn}. */
export function useSession(): Session | undefined {
  return useQuery({ queryKey: ["session"], queryFn: presentSession, staleTime: 60_000 }).data ?? undefined;
}

/** Shows its content to whoever is signed in, and the sign-in page to everybody else. */
export function SignedIn(props: { children: (session: Session) => ReactNode }) {
  const query = useQuery({ queryKey: ["session"], queryFn: presentSession, staleTime: 60_000 });
  const language = query.data?.staff.language;
  useEffect(() => {
    if (language) speakAtFirst(language);
  }, [language]);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return query.data ? <>{props.children(query.data)}</> : <SignIn />;
}
