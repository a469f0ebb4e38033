-- What voice agents were: each version as it was saved, so that one can look back and go back.
CREATE TABLE voice_agent_version (
    agent BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    variable_names TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (agent, version)
);
INSERT INTO voice_agent_version (agent, version, name, definition, variable_names, saved_at)
    SELECT id, version, name, definition, variable_names, updated_at FROM voice_agent;
