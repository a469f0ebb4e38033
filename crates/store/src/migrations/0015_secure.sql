-- How calls travel to phones and carriers: encrypted sound, and certificates.

-- "off", "optional" or "mandatory".
ALTER TABLE extension ADD COLUMN encryption TEXT NOT NULL DEFAULT 'optional';

-- The key of the certificate that a carrier is shown.
ALTER TABLE trunk ADD COLUMN sealed_tls_key TEXT;
