-- Conversations in which a voice agent of ours is the robot of somebody else's call, and what such
-- conversations need to be found: names of tenants and of robots that the other side chose or was
-- given.

-- Names of tenants in dialects that know them by text: Alibaba's `InstanceId`.
CREATE TABLE instance_name (
    name TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    description TEXT NOT NULL,
    n_conversations_max BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX instance_name_by_tenant ON instance_name (tenant);

-- Names of voice agents as robots: Alibaba's `ScriptId` and `ScenarioId`. The name '' is the robot
-- of a tenant's requests that name none.
CREATE TABLE robot (
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    voice_agent BIGINT NOT NULL,
    profile TEXT NOT NULL,
    -- What the other dialect keeps of it beside; a JSON document.
    notes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Robots elsewhere that a voice agent of ours has its words from.
CREATE TABLE remote_robot (
    voice_agent BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    settings TEXT NOT NULL,
    sealed_secret TEXT NOT NULL
);

-- What a voice agent said by in its version, for conversations that outlive it.
CREATE TABLE dialogue_script (
    voice_agent BIGINT NOT NULL,
    version BIGINT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (voice_agent, version)
);

CREATE TABLE dialogue (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    -- The other side's name of the conversation: `CallId`, `ConversationId`, `sessionId`.
    name TEXT NOT NULL,
    interface TEXT NOT NULL,
    voice_agent BIGINT NOT NULL,
    version BIGINT NOT NULL,
    profile TEXT NOT NULL,
    caller TEXT NOT NULL,
    callee TEXT NOT NULL,
    task TEXT NOT NULL,
    variables TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    ending TEXT
);
CREATE UNIQUE INDEX dialogue_open ON dialogue (tenant, name) WHERE ended_at IS NULL;
CREATE INDEX dialogue_by_name ON dialogue (tenant, name, began_at);
CREATE INDEX dialogue_by_time ON dialogue (tenant, began_at, id);
CREATE INDEX dialogue_idle ON dialogue (began_at) WHERE ended_at IS NULL;

CREATE TABLE dialogue_turn (
    dialogue TEXT NOT NULL,
    n BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    heard TEXT NOT NULL,
    said TEXT NOT NULL,
    act TEXT NOT NULL,
    interruptible BIGINT NOT NULL,
    took_us BIGINT NOT NULL,
    PRIMARY KEY (dialogue, n)
);
