-- What calls of campaigns are searched for by, and what waits to be fetched.

-- How the call of an ended attempt ended: disposition, cause and side, with '-' for what is not known;
-- '' while the attempt is under way.
ALTER TABLE campaign_attempt ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
-- From the first ring to the answer or the end; 0 while the attempt is under way.
ALTER TABLE campaign_attempt ADD COLUMN ring_ms BIGINT NOT NULL DEFAULT 0;
UPDATE campaign_attempt SET outcome = disposition || ' - -' WHERE disposition IS NOT NULL;

-- Questions whose answers are fetched later: Alibaba's `AsyncQuery`.
CREATE TABLE async_query (
    id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    -- The question, a JSON document of its dialect.
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX async_query_by_time ON async_query (created_at);

-- What a robot's mind keeps beside its history, after a turn; NULL where the history says it all.
ALTER TABLE dialogue_turn ADD COLUMN state TEXT;

-- What another dialect keeps beside a number that is never called; a JSON document.
ALTER TABLE do_not_call ADD COLUMN notes TEXT NOT NULL DEFAULT '{}';
