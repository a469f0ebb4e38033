-- The first schema. Both databases run this text, so it keeps to what they share: BIGINT and TEXT
-- columns, partial indexes, no generated keys. Times are milliseconds since 1970, flags 0 or 1,
-- documents JSON that only `codec` writes and reads.

-- Last number given to each kind of thing; taken in the transaction that uses it.
CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES
    ('tenant', 1400000000), ('credential', 0), ('api_token', 0), ('trunk', 0), ('trunk_number', 0),
    ('voice_agent', 0), ('sound', 0), ('webhook_endpoint', 0), ('delivery', 0), ('event', 0);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE tenant (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    country_code TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE credential (
    id TEXT PRIMARY KEY,
    n BIGINT NOT NULL UNIQUE,
    sealed_secret TEXT NOT NULL,
    -- JSON list of names; NULL is every action.
    actions TEXT,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE credential_tenant (
    credential TEXT NOT NULL,
    tenant BIGINT NOT NULL,
    PRIMARY KEY (credential, tenant)
);
CREATE INDEX credential_tenant_by_tenant ON credential_tenant (tenant);

CREATE TABLE api_token (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    tenant BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE trunk (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,
    sealed_password TEXT,
    created_at BIGINT NOT NULL
);
CREATE TABLE trunk_number (
    number TEXT PRIMARY KEY,
    n BIGINT NOT NULL UNIQUE,
    trunk BIGINT NOT NULL,
    tenant BIGINT NOT NULL,
    outbound BIGINT NOT NULL,
    inbound_agent BIGINT,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX trunk_number_by_trunk ON trunk_number (trunk, n);
CREATE INDEX trunk_number_by_tenant ON trunk_number (tenant, n);

CREATE TABLE voice_agent (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    variable_names TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX voice_agent_by_tenant ON voice_agent (tenant, id);

-- Removed sounds stay as rows, so that the limit of uploads a day cannot be dodged.
CREATE TABLE sound (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    n_bytes BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX sound_by_tenant ON sound (tenant, id);
CREATE INDEX sound_by_time ON sound (tenant, created_at);
CREATE INDEX sound_by_file ON sound (sha256);

CREATE TABLE call_rules (
    tenant BIGINT PRIMARY KEY,
    rules TEXT NOT NULL
);

CREATE TABLE do_not_call (
    tenant BIGINT NOT NULL,
    number TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, number)
);

-- What was granted (NULL is unlimited) and what was used since.
CREATE TABLE quota (
    tenant BIGINT PRIMARY KEY,
    call_minutes BIGINT,
    call_until BIGINT,
    agent_minutes BIGINT,
    agent_until BIGINT,
    agent_calls_max BIGINT,
    used_call_minutes BIGINT NOT NULL,
    used_agent_minutes BIGINT NOT NULL
);

CREATE TABLE webhook_endpoint (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    settings TEXT NOT NULL,
    sealed_auth TEXT,
    sealed_signing_secret TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_endpoint_by_tenant ON webhook_endpoint (tenant, id);

-- The fold of a call's events. Columns are what is searched for; `body` is the rest.
CREATE TABLE call (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    caller TEXT NOT NULL,
    callee TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    dialed_at BIGINT,
    answered_at BIGINT,
    ended_at BIGINT,
    n_events BIGINT NOT NULL,
    lacks_recording BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX call_by_time ON call (tenant, started_at, id);
CREATE INDEX call_by_callee ON call (tenant, callee, dialed_at);
CREATE INDEX call_by_caller ON call (tenant, caller, dialed_at);
CREATE INDEX call_open ON call (started_at, id) WHERE state <> 'ended';
CREATE INDEX call_lacking_recording ON call (ended_at) WHERE lacks_recording = 1;

CREATE TABLE event (
    seq BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    call_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (call_id, n)
);
CREATE INDEX event_by_tenant ON event (tenant, seq);

CREATE TABLE recording (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    call_id TEXT NOT NULL,
    ready_at BIGINT NOT NULL,
    copied BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX recording_by_call ON recording (call_id);
CREATE INDEX recording_without_copy ON recording (tenant, ready_at) WHERE copied = 0;

CREATE TABLE delivery (
    id BIGINT PRIMARY KEY,
    endpoint BIGINT NOT NULL,
    tenant BIGINT NOT NULL,
    call_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    uuid TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    -- Until then it is somebody's to attempt; 0 is nobody's.
    leased_until BIGINT NOT NULL,
    -- Grows with each claim: tells a late settlement from one in time.
    n_claims BIGINT NOT NULL,
    n_attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX delivery_by_tenant ON delivery (tenant, id);
CREATE INDEX delivery_due ON delivery (due_at, id) WHERE state = 'due';
CREATE INDEX delivery_order ON delivery (endpoint, call_id, id) WHERE state = 'due';

CREATE TABLE delivery_attempt (
    delivery BIGINT NOT NULL,
    n BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    status BIGINT,
    note TEXT NOT NULL,
    took_ms BIGINT NOT NULL,
    PRIMARY KEY (delivery, n)
);
