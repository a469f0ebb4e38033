-- Language models that voice agents think with, and secrets that their tools need.

CREATE TABLE language_model (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- Where it is and how it is asked; a JSON document of the app.
    settings TEXT NOT NULL,
    sealed_key TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX language_model_by_name ON language_model (tenant, name);

CREATE TABLE tool_secret (
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    sealed_value TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

INSERT INTO counter (name, value) VALUES ('language_model', 0);
