-- Campaigns: lists of people to call. Scripts: what another dialect keeps of voice agents before and
-- beside their publication.

CREATE TABLE campaign (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    is_urgent BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Why it paused itself.
    trouble TEXT NOT NULL,
    n_contacts BIGINT NOT NULL,
    n_events BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX campaign_by_tenant ON campaign (tenant, created_at, id);
CREATE INDEX campaign_running ON campaign (is_urgent, created_at) WHERE state = 'running';

CREATE TABLE campaign_contact (
    id TEXT PRIMARY KEY,
    campaign TEXT NOT NULL,
    tenant BIGINT NOT NULL,
    -- Order within the campaign.
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    reference TEXT NOT NULL,
    number TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    then_state TEXT,
    failure TEXT,
    n_attempts BIGINT NOT NULL,
    n_attempts_day BIGINT NOT NULL,
    day_began_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    is_single BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX contact_by_reference ON campaign_contact (campaign, reference)
    WHERE reference <> '';
CREATE INDEX contact_in_order ON campaign_contact (campaign, n);
CREATE INDEX contact_by_tenant ON campaign_contact (tenant, created_at, id);
CREATE INDEX contact_by_state ON campaign_contact (campaign, state);
CREATE INDEX contact_due ON campaign_contact (campaign, next_at, n) WHERE state = 'waiting';

-- An attempt is written before it is dialled. Its id becomes the id of its call.
CREATE TABLE campaign_attempt (
    id TEXT PRIMARY KEY,
    contact TEXT NOT NULL,
    campaign TEXT NOT NULL,
    tenant BIGINT NOT NULL,
    n BIGINT NOT NULL,
    callee TEXT NOT NULL,
    planned_at BIGINT NOT NULL,
    ended_at BIGINT,
    disposition TEXT
);
CREATE INDEX attempt_by_contact ON campaign_attempt (contact, n);
CREATE INDEX attempt_by_campaign ON campaign_attempt (campaign, planned_at, id);
CREATE INDEX attempt_by_tenant ON campaign_attempt (tenant, planned_at, id);
CREATE INDEX attempt_open ON campaign_attempt (tenant) WHERE ended_at IS NULL;

CREATE TABLE campaign_event (
    campaign TEXT NOT NULL,
    n BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, n)
);

-- Answers to requests that are asked for later: Alibaba's `AssignJobsAsync`.
CREATE TABLE assignment (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    campaign TEXT NOT NULL,
    contacts TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE script (
    tenant BIGINT NOT NULL,
    id TEXT NOT NULL,
    -- Once it was published.
    voice_agent BIGINT,
    name TEXT NOT NULL,
    -- What is written but not published, and what the dialect keeps beside; a JSON document.
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX script_by_voice_agent ON script (voice_agent);
