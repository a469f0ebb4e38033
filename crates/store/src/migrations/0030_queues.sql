-- Calls to a number that people of a skill group answer.
ALTER TABLE trunk_number ADD COLUMN inbound_group BIGINT;
