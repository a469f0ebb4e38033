-- People: staff with their skill groups, roles and statuses, how they sign in, what was changed by
-- whom, and what is told live beside the events of calls.

INSERT INTO counter (name, value) VALUES
    ('staff', 0), ('skill_group', 0), ('sign_in', 0), ('audit', 0), ('live_event_floor', 0);

CREATE TABLE staff (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    email TEXT NOT NULL,
    extension TEXT,
    settings TEXT NOT NULL,
    -- PHC string of argon2id; NULL is somebody who cannot sign in yet.
    password TEXT,
    status TEXT NOT NULL,
    presence TEXT NOT NULL,
    -- How many changes of status there were; numbers them.
    n_changes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (tenant, email)
);
CREATE INDEX staff_by_tenant ON staff (tenant, id);
CREATE INDEX staff_by_email ON staff (email);
CREATE UNIQUE INDEX staff_extension ON staff (tenant, extension) WHERE extension IS NOT NULL;

CREATE TABLE staff_status_change (
    staff BIGINT NOT NULL,
    n BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    work TEXT,
    PRIMARY KEY (staff, n)
);
CREATE INDEX staff_status_change_by_time ON staff_status_change (staff, happened_at);

CREATE TABLE skill_group (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (tenant, name)
);
CREATE INDEX skill_group_by_tenant ON skill_group (tenant, id);

CREATE TABLE skill_group_member (
    staff BIGINT NOT NULL,
    skill_group BIGINT NOT NULL,
    tenant BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    PRIMARY KEY (staff, skill_group)
);
CREATE INDEX skill_group_member_by_group ON skill_group_member (skill_group, priority, staff);
CREATE INDEX skill_group_member_by_tenant ON skill_group_member (tenant);

-- Which groups call out with a number.
CREATE TABLE number_skill_group (
    number TEXT NOT NULL,
    skill_group BIGINT NOT NULL,
    PRIMARY KEY (number, skill_group)
);
CREATE INDEX number_skill_group_by_group ON number_skill_group (skill_group);

-- One browser that somebody is signed in with. Only hashes of what the browser holds.
CREATE TABLE sign_in (
    id BIGINT PRIMARY KEY,
    staff BIGINT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    csrf TEXT NOT NULL,
    browser TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_by_staff ON sign_in (staff, id);
CREATE INDEX sign_in_by_end ON sign_in (expires_at);

-- A secret that somebody may sign in with instead of a password.
CREATE TABLE sign_in_token (
    sha256 TEXT PRIMARY KEY,
    staff BIGINT NOT NULL,
    once BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_token_by_staff ON sign_in_token (staff);

-- Rows are only added. `hash` covers the row and the hash of the row before.
CREATE TABLE audit (
    n BIGINT PRIMARY KEY,
    happened_at BIGINT NOT NULL,
    tenant BIGINT,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL,
    before_text TEXT,
    after_text TEXT,
    hash TEXT NOT NULL
);
CREATE INDEX audit_by_tenant ON audit (tenant, n);

-- What is being done and not written down yet: a crash leaves the row, the next start writes it down.
CREATE TABLE audit_intent (
    id TEXT PRIMARY KEY,
    happened_at BIGINT NOT NULL,
    tenant BIGINT,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before_text TEXT
);

-- What is told live and is no event of a call; shares the numbers of `event`. Old rows go.
CREATE TABLE live_event (
    seq BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX live_event_by_tenant ON live_event (tenant, seq);
