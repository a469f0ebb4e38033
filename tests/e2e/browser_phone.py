"""Chromium as a phone: a page with JsSIP, whose microphone says a file. What it hears is kept."""

import functools
import http.server
import os
import pathlib
import threading

import numpy as np

import sound
from centre import wait_for

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
NODE = pathlib.Path(os.environ.get("SWITCHBOARD_NODE_BROWSER", "target/node-browser")).absolute()
PAGE = pathlib.Path(__file__).parent / "browser" / "phone.js"

# A machine that builds beside needs so long for what takes a second alone.
SLOW = 60


class BrowserPhone:
    """One browser, for its microphone is the browser's and not the page's. It answers by itself, unless
    `auto` is false."""

    def __init__(self, playwright, folder, samples, auto=True):
        folder.mkdir(parents=True, exist_ok=True)
        wav = sound.write(folder / "microphone.wav", samples)
        self.browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={wav}",
                "--autoplay-policy=no-user-gesture-required",
                "--allow-loopback-in-peer-connection",
            ],
        )
        self.page = self.browser.new_page()
        self.console = []
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(f"error {error}"))
        self.page.goto(page_url())
        self.page.evaluate("auto => { phone.auto = auto; }", auto)

    def register(self, socket, known, number):
        """`known` is what DescribeExtension says."""
        what = {
            "socket": socket,
            "uri": f"sip:{number}@{known['ExtensionDomain']}",
            "password": known["Password"],
        }
        self.page.evaluate("what => phone.start(what)", what)
        self.wait("to be registered", "phone.registered")
        return self

    def wait(self, what, expression, seconds=SLOW):
        def look():
            return self.page.evaluate(expression)

        try:
            return wait_for(f"the browser {what}", look, seconds, every=0.2)
        except AssertionError as error:
            calls = self.page.evaluate("phone.calls.map((_, n) => phone.told(n))")
            raise AssertionError(f"{error}; calls {calls}; {self.console[-20:]}") from None

    def dial(self, user):
        """Calls; the number of the call in the page."""
        return self.page.evaluate("user => phone.dial(user)", user)

    def do(self, what, call, *more):
        """Lets the page hold, resume, press, hangUp, refer or answer."""
        return self.page.evaluate(f"([n, more]) => phone.{what}(n, ...more)", [call, list(more)])

    def wait_call(self, n=0):
        self.wait(f"to be called {n + 1} times", f"phone.calls.length > {n}")
        return n

    def wait_state(self, call, state):
        self.wait(f"to have call {call} {state}", f"phone.told({call}).state === '{state}'")
        return self.page.evaluate(f"phone.told({call})")

    def heard(self, call, seconds=2.0):
        """The last seconds that were heard."""
        samples = self.page.evaluate(f"phone.heard({call}, {int(seconds * sound.RATE)})")
        return np.array(samples, dtype=np.float64) / 32768

    def inbound(self, call):
        """What the browser counted of the packets that came."""
        stats = self.page.evaluate(f"phone.stats({call})")
        return next((one for one in stats if one["type"] == "inbound-rtp"), {})

    def n_sent(self, call):
        """Packets of sound that it has sent."""
        stats = self.page.evaluate(f"phone.stats({call})")
        return next(one["packetsSent"] for one in stats if one["type"] == "outbound-rtp")

    def transport(self, call):
        stats = self.page.evaluate(f"phone.stats({call})")
        return next(one for one in stats if one["type"] == "transport")

    def stop(self):
        self.browser.close()


@functools.cache
def page_url():
    """Where the page is served: a page of this machine may use the microphone, and speak to this machine."""
    body = html().encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def html():
    library = (NODE / "jssip.js").read_text()
    # Text of the library that would end the element.
    library = library.replace("</script", "<\\/script")
    return f"<!doctype html><meta charset=utf-8><script>{library}</script><script>{PAGE.read_text()}</script>"
