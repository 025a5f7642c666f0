//! Behaviour of the hub through its real router, on both databases.

mod dependency_policy;
mod graphql_over_http;
mod identifiers;
mod samples;
mod schema_text;
mod submit;
mod support;
mod withdraw;
