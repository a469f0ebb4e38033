-- What recognizers made of recordings after their calls.

CREATE TABLE transcript (
    call_id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    -- due, done or absent
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    n_claims BIGINT NOT NULL,
    -- The sentences as JSON.
    body TEXT NOT NULL
);
CREATE INDEX transcript_due ON transcript (state, due_at);
