//! The edge: our own handler for GraphQL over HTTP, health, metrics, limits.
//!
//! It knows the schema as something to execute and the services as something to hand over; it
//! decides nothing about records.

pub mod accept;
mod audited;
mod auth;
mod body;
pub mod documents;
pub mod door;
pub mod exchange;
pub mod export;
pub mod graphql;
pub mod health;
mod language;
pub mod limits;
mod line;
pub mod live;
pub mod media;
mod meeting;
mod own;
mod pace;
mod patience;
pub mod rate;
pub mod refusal;
pub mod router;
mod run;
pub mod serving;
pub mod state;
pub mod tls;
mod token;
mod welcome;
pub mod wire;
