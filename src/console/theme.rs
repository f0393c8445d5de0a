//! Roles of colour and sign.
