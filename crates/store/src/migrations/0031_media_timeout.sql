-- How long the phone of an extension may be silent in a call before it is taken for gone, s; 0 for ever.
ALTER TABLE extension ADD COLUMN media_timeout_second BIGINT NOT NULL DEFAULT 30;
