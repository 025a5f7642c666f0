//! What stands beside the record families: each subject adds its own fields and types to the schema
//! from a module of its own.

use async_graphql::dynamic::{Enum, Field, InputObject, Object};

/// Fields and types of one subject.
#[derive(Default)]
pub struct SubjectSchema {
    /// Root fields of `Query`.
    pub queries: Vec<Field>,
    /// Root fields of `Mutation`.
    pub mutations: Vec<Field>,
    /// Object types that the answers of its fields refer to.
    pub objects: Vec<Object>,
    /// Input types that the arguments of its fields refer to.
    pub inputs: Vec<InputObject>,
    /// Enum types whose values are defined in the program, not in a code table.
    pub enums: Vec<Enum>,
}
