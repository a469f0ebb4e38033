-- What the phone of an extension may do, and where calls to it go instead: a document.
ALTER TABLE extension ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
