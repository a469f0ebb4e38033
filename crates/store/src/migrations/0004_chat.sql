-- Conversations by text.

INSERT INTO counter (name, value) VALUES
    ('chat_event', 0), ('chat_record', 0), ('canned_answer', 0);

CREATE TABLE chat_settings (
    tenant BIGINT PRIMARY KEY,
    settings TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    sealed_previous_secret TEXT
);

CREATE TABLE chat_customer (
    tenant BIGINT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    client_data TEXT NOT NULL,
    verified BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
-- One for each browser that a customer chats with.
CREATE TABLE chat_token (
    sha256 TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    customer TEXT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX chat_token_by_customer ON chat_token (tenant, customer, used_at);

-- The fold of a conversation's events, as far as it is searched for or listed.
CREATE TABLE conversation (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    customer TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    page TEXT NOT NULL,
    bot BIGINT,
    state TEXT NOT NULL,
    staff BIGINT,
    staff_name TEXT,
    staff_mail TEXT,
    skill_group BIGINT,
    began_at BIGINT NOT NULL,
    queued_at BIGINT,
    offered_at BIGINT,
    joined_at BIGINT,
    ended_at BIGINT,
    touched_at BIGINT NOT NULL,
    last_text TEXT NOT NULL,
    n_unanswered BIGINT NOT NULL,
    rating BIGINT,
    n_events BIGINT NOT NULL,
    -- When it is to be looked at again, whatever happens.
    wake_at BIGINT,
    -- Something is to be done for it that a stop may have cut off.
    wants_work BIGINT NOT NULL
);
-- One open conversation of a customer at a time.
CREATE UNIQUE INDEX conversation_open ON conversation (tenant, customer) WHERE state <> 'ended';
CREATE INDEX conversation_by_time ON conversation (tenant, began_at, id);
CREATE INDEX conversation_by_customer ON conversation (tenant, customer, began_at);
CREATE INDEX conversation_by_state ON conversation (tenant, state, queued_at);
CREATE INDEX conversation_by_staff ON conversation (tenant, staff, state);
CREATE INDEX conversation_wake ON conversation (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX conversation_work ON conversation (id) WHERE wants_work = 1;

CREATE TABLE chat_event (
    seq BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    conversation TEXT NOT NULL,
    n BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (conversation, n)
);
CREATE INDEX chat_event_by_tenant ON chat_event (tenant, seq);

-- Messages as they stand now.
CREATE TABLE chat_message (
    conversation TEXT NOT NULL,
    n BIGINT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    happened_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    staff BIGINT,
    staff_name TEXT,
    staff_mail TEXT,
    text TEXT NOT NULL,
    file TEXT,
    elements TEXT,
    custom_data TEXT NOT NULL,
    private BIGINT NOT NULL,
    open BIGINT NOT NULL,
    cut BIGINT NOT NULL,
    PRIMARY KEY (conversation, n)
);

CREATE TABLE chat_record (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    conversation TEXT NOT NULL,
    customer TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    staff BIGINT,
    staff_name TEXT,
    staff_mail TEXT,
    skill_group BIGINT,
    began_at BIGINT NOT NULL,
    queued_at BIGINT,
    offered_at BIGINT,
    joined_at BIGINT,
    ended_at BIGINT NOT NULL,
    ended_how TEXT NOT NULL,
    rating BIGINT
);
CREATE INDEX chat_record_by_time ON chat_record (tenant, began_at, id);
CREATE INDEX chat_record_by_conversation ON chat_record (conversation, id);

CREATE TABLE chat_file (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    conversation TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    n_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX chat_file_by_conversation ON chat_file (conversation);

CREATE TABLE canned_answer (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    shortcut TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant, shortcut)
);
