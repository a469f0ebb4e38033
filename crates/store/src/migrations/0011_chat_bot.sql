-- Who has gone leaves their conversations.
CREATE INDEX conversation_staffed ON conversation (id) WHERE state = 'staffed';

-- What our bot has to know to go on in an open conversation after a restart.
CREATE TABLE conversation_bot (
    conversation TEXT PRIMARY KEY,
    -- Questions that are settled.
    n_settled BIGINT NOT NULL,
    -- In the thinker's own words.
    memory TEXT NOT NULL
);
