-- Campaigns that have a number, as tasks of automatic callouts do.

CREATE TABLE callout_task (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    campaign TEXT NOT NULL
);
CREATE UNIQUE INDEX callout_task_by_campaign ON callout_task (campaign);
CREATE INDEX callout_task_by_tenant ON callout_task (tenant, id);

INSERT INTO counter (name, value) VALUES ('callout_task', 0);
