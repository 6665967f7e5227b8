//! The doors against the real thing: a mail server that speaks SMTP, the schema of the bank file.

mod pain001;
mod receiver;
mod smtp;
