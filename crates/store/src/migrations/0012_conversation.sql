-- Calls and chats of one customer.

-- Calls that belong to a conversation other than their own, or whose customer is known.
CREATE TABLE call_conversation (
    call_id TEXT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    conversation TEXT NOT NULL,
    customer TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX call_conversation_by_id ON call_conversation (tenant, conversation, at);
CREATE INDEX call_conversation_by_customer ON call_conversation (tenant, customer, at);

-- The numbers by which a customer is known on the phone.
CREATE TABLE customer_number (
    tenant BIGINT NOT NULL,
    number TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
);
CREATE INDEX customer_number_by_customer ON customer_number (tenant, customer);
