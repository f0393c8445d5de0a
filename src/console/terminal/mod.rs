//! The terminal: entered, left, read and written.
