-- Recognizers and speakers elsewhere that voice agents hear and speak with.

CREATE TABLE speech_service (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- Where it is and how it is asked; a JSON document of the app.
    settings TEXT NOT NULL,
    sealed_key TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX speech_service_by_name ON speech_service (tenant, name);

INSERT INTO counter (name, value) VALUES ('speech_service', 0);
