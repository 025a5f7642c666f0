//! The change feed as a stream of news: who may go on from where, and who has to be told that there is something new.
//!
//! It says *that* there may be events for somebody, never what is in them: pages are read where the query reads them, under
//! scopes.

pub mod cursor;
