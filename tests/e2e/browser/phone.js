// A phone in a web page, as JsSIP's own examples make one, with ears that keep what they hear.

const RATE = 8000;

// What `AudioWorklet` runs: whole chunks of samples, for each message costs.
const EAR = `
registerProcessor("ear", class extends AudioWorkletProcessor {
  constructor() { super(); this.chunk = []; }
  process([[channel]]) {
    if (channel) this.chunk.push(...channel);
    if (this.chunk.length >= 800) {
      this.port.postMessage(Float32Array.from(this.chunk));
      this.chunk = [];
    }
    return true;
  }
});`;

// Tones and sweeps are no speech, and would be cleaned away as noise.
const MEDIA = {
  mediaConstraints: {
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    video: false,
  },
};

// `spoil` changes the descriptions that the browser gives away.
const phone = { calls: [], auto: true, spoil: undefined, registered: false, failure: undefined };
globalThis.phone = phone;

let ears;

async function openEars() {
  ears = new AudioContext({ sampleRate: RATE });
  await ears.audioWorklet.addModule(URL.createObjectURL(new Blob([EAR], { type: "text/javascript" })));
  await ears.resume();
}

// Hears from the first packet on: a greeting comes as soon as there are keys.
function listen(stream) {
  // Without an element that plays it, Chromium gives no samples of a remote stream.
  const element = new Audio();
  element.srcObject = stream;
  element.muted = true;
  element.play();
  const ear = new AudioWorkletNode(ears, "ear");
  const chunks = [];
  ear.port.onmessage = ({ data }) => chunks.push(data);
  ears.createMediaStreamSource(stream).connect(ear).connect(ears.destination);
  return chunks;
}

function take(session, from) {
  const call = { session, from, state: "rings", chunks: [], failure: undefined, asked: undefined };
  phone.calls.push(call);
  const hear = (connection) => {
    call.connection = connection;
    connection.addEventListener("track", ({ track, streams }) => {
      call.n_streams = streams.length;
      call.chunks = listen(streams[0] ?? new MediaStream([track]));
    });
  };
  if (session.connection) hear(session.connection);
  session.on("peerconnection", ({ peerconnection }) => hear(peerconnection));
  session.on("sdp", (description) => {
    if (description.originator === "local" && phone.spoil) description.sdp = phone.spoil(description.sdp);
  });
  session.on("accepted", () => (call.state = "up"));
  session.on("confirmed", () => (call.state = "up"));
  session.on("ended", ({ cause, originator }) => Object.assign(call, { state: "over", cause, by: originator }));
  session.on("failed", ({ cause, originator, message }) =>
    Object.assign(call, { state: "over", cause, by: originator, status: message?.status_code }),
  );
  return call;
}

phone.start = async ({ socket, uri, password }) => {
  await openEars();
  phone.agent = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(socket)],
    uri,
    password,
    register_expires: 120,
    user_agent: `JsSIP ${JsSIP.version}`,
  });
  phone.agent.on("registered", () => (phone.registered = true));
  phone.agent.on("registrationFailed", ({ cause }) => (phone.failure = cause));
  phone.agent.on("newRTCSession", ({ originator, session, request }) => {
    if (originator !== "remote") return;
    const call = take(session, request.from.uri.user);
    if (phone.auto) phone.answer(phone.calls.indexOf(call));
  });
  phone.agent.start();
};

phone.answer = (n) => phone.calls[n].session.answer(MEDIA);

phone.dial = (user) => {
  const session = phone.agent.call(user, MEDIA);
  return phone.calls.indexOf(take(session, undefined));
};

phone.told = (n) => {
  const { state, cause, by, status, from, chunks, n_streams } = phone.calls[n] ?? {};
  return { state, cause, by, status, from, n_streams, n_samples: (chunks ?? []).reduce((n, c) => n + c.length, 0) };
};

phone.hold = (n) => new Promise((done, failed) => phone.calls[n].session.hold({}, done) || failed(Error("busy")));
phone.resume = (n) => new Promise((done, failed) => phone.calls[n].session.unhold({}, done) || failed(Error("busy")));
phone.restart = (n) =>
  new Promise((done, failed) =>
    phone.calls[n].session.renegotiate({ rtcOfferConstraints: { iceRestart: true } }, done) || failed(Error("busy")),
  );
phone.press = (n, keys) => phone.calls[n].session.sendDTMF(keys, { transportType: "RFC2833", duration: 120 });
phone.hangUp = (n) => phone.calls[n].session.terminate();
phone.refer = (n, user) => phone.calls[n].session.refer(user);

// The last samples that were heard, as 16-bit integers.
phone.heard = (n, most) => {
  const all = phone.calls[n].chunks;
  const samples = Float32Array.from(all.slice(-Math.ceil(most / 800)).flatMap((chunk) => [...chunk]));
  return [...samples.slice(-most)].map((sample) => Math.round(sample * 32767));
};

phone.stats = async (n) => {
  const report = await phone.calls[n].connection.getStats();
  return [...report.values()];
};
