//! Roles of colour and sign.
#[derive(Debug)]
pub struct Theme;
