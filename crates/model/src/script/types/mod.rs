//! Types that a TypeScript module declares: interfaces, aliases, enums, schemas of zod.
//!
//! What is written is kept, as far as fields and their kinds go. What names mean is for whoever joins the files.

mod read;
mod schema;
#[cfg(test)]
mod tests;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

pub(crate) use read::{alias, enumeration, interface};
pub(crate) use schema::schema;

/// A declared type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// How it is declared.
    pub form: Form,
    /// Its type parameters: `Page<T>` has `T`.
    pub params: Vec<String>,
    /// What it is.
    pub value: Type,
}

/// How a type is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `interface Order {…}`
    Interface,
    /// `type Order = …`
    Alias,
    /// `enum Status {…}`
    Enum,
    /// `const orderSchema = z.object({…})`
    Schema,
}

/// A type, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// `string`, template types too.
    Text,
    /// `number`, and a number as a literal.
    Number,
    /// `boolean`, `true`, `false`
    Boolean,
    /// `Date`
    Date,
    /// `null`
    Null,
    /// `undefined`, `void`
    Undefined,
    /// `any`, `unknown`
    Any,
    /// A string as a literal: its content.
    Literal(String),
    /// `T[]`, `Array<T>`, `readonly T[]`, tuples of one kind.
    List(Box<Type>),
    /// `{…}`
    Object(Members),
    /// A name and its type arguments: `Pick<Order, "id">`.
    Named(String, Vec<Type>),
    /// `typeof name`
    ValueOf(String),
    /// `A | B`
    Either(Vec<Type>),
    /// `A & B`
    All(Vec<Type>),
    /// A function.
    Function,
    /// Anything else.
    Unknown,
}

/// The members of an object type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// The fields and methods, in source order.
    pub fields: Vec<Field>,
    /// Whether other fields are allowed: `[key: string]: …`
    pub is_open: bool,
}

/// A field of an object type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// Where its type stands.
    pub type_range: TextRange,
    /// Whether it may be left out.
    pub is_optional: bool,
    /// Its type.
    pub value: Type,
}
