//! Records: their types in the schema, and the executor that answers for them.
//!
//! async-graphql parses and validates a document and calls its root fields. What stands below a
//! root field that reads records is executed here: the library would resolve every field of every
//! row by a future and a value of its own, which costs more than the rest of a request. The terms
//! are those of the GraphQL specification (October 2021).
//!
//! ```text
//!  document                                                            answer
//!     │                                                                   ▲
//!  1  │ parse, limits (http/documents, http/limits)                       │ http/wire: root fields in their order
//!  2  │ CoerceVariableValues            variables                         │
//!  3  │ validate, ExecuteQuery          the library, progress             │
//!     ▼                                                                   │
//!  root field ── 4 CoerceArgumentValues ──► Filter, order, cursor         │
//!     │            connection, whereclause                                │
//!     │ 5 CollectFields                 selection                         │
//!     ▼                                                                   │
//!  6 ShapeBuilder ──► Shape: what is written under which response name ───┤
//!     │                                                                   │
//!     └─────────────► ReadPlan: columns and links to read                 │
//!                       │                                                 │
//!                       │ 7 ExecuteSelectionSet, level by level:          │
//!                       │   levels, loader: a statement for each use of   │
//!                       ▼   a link to many, one for links to one family   │
//!                     Level: rows, and below them a Level for each link ──┘
//!                                                     8 CompleteValue: JsonWriter
//! ```
//!
//! | | stage | file | specification |
//! |---|---|---|---|
//! | 1 | text to document; depth, fields and cost are measured before anything is validated | `http/documents`, `http/limits` | §2 |
//! | 2 | values of variables fit their types, also of a document that was validated before; values in a document fit theirs | [`variables`], [`literals`] | §6.1.2 CoerceVariableValues, §5.6.1 |
//! | 3 | a document once found valid is not validated again; root fields are called | [`progress`], the library | §5, §6.2 |
//! | 4 | arguments become a condition, an order, a place to begin | [`connection`], [`whereclause`] | §6.4.1 CoerceArgumentValues |
//! | 5 | fragments opened, uses of one response name joined | [`selection`] | §6.3.2 CollectFields |
//! | 6 | the whole selection at once: the shape of the answer, and the plan of what to read for it | [`shape`], [`names`] | §6.4.3 MergeSelectionSets |
//! | 7 | rows of a level, then all rows behind its links, those to one by the `DataLoader`; each is noted for the audit log | [`levels`], [`loader`], [`session`] | §6.3 ExecuteSelectionSet |
//! | 8 | JSON by the shape, straight from the rows, left by root field | [`answer`], [`answers`] | §6.4.3 CompleteValue |
//!
//! Read [`query`] first, where a root field begins, then the files in the order of the stages. An
//! error of a root field leaves `null` there and is noted with its path (§6.4.4); below a root
//! field nothing fails on its own.
//!
//! Types: [`object`] and [`connection`] from the catalogue, [`inputs`] for conditions, orders and
//! rows. [`stats`], [`changes`] and [`candidates`] are root fields of the same kind with objects of
//! their own around the records; [`subscription`] has pages of [`changes`] written one after the
//! other. [`mutation`] hands rows in, [`history`] shows the versions of one. Nothing here decides
//! who may see what: [`session`] asks for scopes and permits, the store masks.

pub mod answer;
pub mod answers;
pub mod candidates;
mod change_events;
pub mod change_types;
pub mod changes;
pub mod connection;
pub mod disclosure;
pub mod history;
pub mod inputs;
pub mod levels;
pub mod literals;
pub mod loader;
pub mod mutation;
pub mod names;
pub mod object;
pub mod plan;
pub mod progress;
pub mod query;
pub mod region;
pub mod remark;
pub mod selection;
pub mod session;
pub mod shape;
pub mod stats;
pub mod subscription;
pub mod variables;
pub mod whereclause;
