-- Numbers outside that were dialled for calls that run: they count for the rules about callees.
CREATE TABLE outside_dial (
    tenant BIGINT NOT NULL,
    callee TEXT NOT NULL,
    dialed_at BIGINT NOT NULL,
    call TEXT NOT NULL
);
CREATE INDEX outside_dial_callee ON outside_dial (tenant, callee, dialed_at);
