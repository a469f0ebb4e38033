-- What a phone is offered, and how keys reach it.

-- Names of codecs, the most wanted first, separated by commas.
ALTER TABLE extension ADD COLUMN codecs TEXT NOT NULL DEFAULT 'pcma,pcmu,g722,opus';

-- "auto", "info" or "tones".
ALTER TABLE extension ADD COLUMN key_presses TEXT NOT NULL DEFAULT 'auto';
