// What only development needs: requests go on to a running server, with a token instead of a
// cookie, and paths of the console lead to its page. Nothing of it is in the build.
//
//   SWITCHBOARD_URL=http://127.0.0.1:8080 SWITCHBOARD_TOKEN=swb_dev npm run dev

import type { Connect, Plugin, ProxyOptions } from "vite";

/** What the server sends with its pages; kept here so that development meets the same limits. */
export const POLICY =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

export function development(): Plugin {
  const target = process.env["SWITCHBOARD_URL"] ?? "http://127.0.0.1:8080";
  const token = process.env["SWITCHBOARD_TOKEN"];
  const one: ProxyOptions = {
    target,
    changeOrigin: true,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  };
  const proxy = { "/api": one, "/recordings": one, "/readyz": one, "/chat/v1": { ...one, ws: true } };
  return {
    name: "switchboard-development",
    config: () => ({
      server: { proxy },
      preview: { proxy, headers: { "Content-Security-Policy": POLICY } },
    }),
    configureServer: (server) => {
      server.middlewares.use(pages(token !== undefined));
    },
    configurePreviewServer: (server) => {
      server.middlewares.use(pages(token !== undefined));
    },
  };
}

/** Sends each path of a page to the page, and answers for the session that a token stands for. */
function pages(signedIn: boolean): Connect.NextHandleFunction {
  return (request, response, next) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (signedIn && path === "/api/v1/session") {
      response.setHeader("Content-Type", "application/json");
      response.end(
        JSON.stringify({
          staff: { id: 1, email: "dev", name: "Developer", roles: ["administrator"], language: "en-US" },
          permissions: ["own", "read_calls", "read_design", "read_settings", "manage_keys", "read_audit"],
          csrf: "",
        }),
      );
      return;
    }
    const page = /^\/(console|work|setup)(\/|$)/.exec(path)?.[1];
    if (page && !path.includes(".")) request.url = `/${page}.html`;
    next();
  };
}
