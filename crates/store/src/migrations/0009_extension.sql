-- Internal numbers, the phones that are registered for them, and what numbers do with calls.

CREATE TABLE extension (
    tenant BIGINT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Whose phone it is.
    staff BIGINT,
    sealed_password TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, number)
);
CREATE INDEX extension_by_number ON extension (number);
CREATE INDEX extension_by_staff ON extension (staff);

CREATE TABLE extension_skill_group (
    tenant BIGINT NOT NULL,
    extension TEXT NOT NULL,
    skill_group BIGINT NOT NULL,
    PRIMARY KEY (tenant, extension, skill_group)
);
CREATE INDEX extension_skill_group_by_group ON extension_skill_group (skill_group);

-- Where the phone of an extension can be called. `n` keeps their order.
CREATE TABLE phone_contact (
    tenant BIGINT NOT NULL,
    extension TEXT NOT NULL,
    n BIGINT NOT NULL,
    contact TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, extension, n)
);
CREATE INDEX phone_contact_by_end ON phone_contact (expires_at);

-- What else is written down of a number: whom its calls ask, and its place on the carrier's line.
CREATE TABLE number_setting (
    number TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    settings TEXT NOT NULL,
    -- The application that brought it along.
    application BIGINT
);
CREATE INDEX number_setting_by_tenant ON number_setting (tenant);
CREATE INDEX number_setting_by_application ON number_setting (application);

-- Numbers that an instance brings along on a trunk.
CREATE TABLE number_application (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    trunk BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('number_application', 0);
