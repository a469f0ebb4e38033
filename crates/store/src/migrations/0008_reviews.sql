-- Voice agents that requests brought along, and what is to be found out about calls that ended.

CREATE TABLE brought_agent (
    call_id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    -- A document of the app with the keys in it; sealed as a whole.
    sealed TEXT NOT NULL
);

CREATE TABLE review (
    call_id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    n_claims BIGINT NOT NULL
);
CREATE INDEX review_due ON review (due_at);
