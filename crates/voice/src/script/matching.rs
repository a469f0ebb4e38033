//! Which answer the caller's words mean.
