//! Families and columns as types: code that names a declaration does not compile if the name is
//! misspelt or has changed.
//!
//! The marker of a family is the entity that sea-orm derives ([`EntityTrait`]), its columns are the
//! variants of its `Column`. Columns in SQL texts are checked by [`sql!`](crate::sql).

use sea_orm::{EntityTrait, IdenStatic};

use crate::catalogue::{Catalogue, Family, Field};

/// A record family as a type.
pub trait Record: EntityTrait {
    /// Its entry in the catalogue.
    fn family() -> &'static Family;

    /// Name of a column in the table.
    #[must_use]
    fn column(column: &Self::Column) -> &'static str {
        column.as_str()
    }

    /// The field of its own declaration that a column holds; `None` for columns that every family
    /// has and for those of keyed hashes and sort keys.
    #[must_use]
    fn field(column: Self::Column) -> Option<&'static Field> {
        Self::family().fields.iter().find(|field| field.column == column.as_str())
    }
}

impl Family {
    /// Whether it is the family of this type.
    #[must_use]
    pub fn is<R: Record>(&self) -> bool {
        self.name == R::family().name
    }
}

impl Catalogue {
    /// The family of this type, if the hub serves it.
    #[must_use]
    pub fn of<R: Record>(&self) -> Option<&'static Family> {
        self.find(R::family().name)
    }
}

/// Columns that several families declare with the same name and meaning, so that one rule serves
/// all families that have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// 所属事故的编号。Number of the accident that the record names.
    AccidentNo,
    /// 所属事故的自然键。Natural key of the accident that the record names.
    AccidentRef,
    /// 出生日期。Date of birth.
    BirthDate,
    /// 用人单位关联键。Key that links to the employer.
    EmployerKey,
    /// 用人单位编号。Number of the employer within the department.
    EmployerNo,
    /// 用人单位信用代码。Credit code of the employer, in records of others.
    EmployerUscc,
    /// 证件号码。Identity number of the person, sealed in the store.
    IdNumber,
    /// 证件类型。Kind of identity document.
    IdType,
    /// 行业代码。Industry code of the employer or accident (GB/T 4754).
    IndustryCode,
    /// 事故与人员的关联键。Key that links an accident and a person.
    InjuryKey,
    /// 重点行业。Key industry; where missing, derived from the industry code.
    KeyIndustry,
    /// 性别。Sex of the person, by code.
    Sex,
    /// 统一社会信用代码。Credit code, in the record of the employer itself.
    Uscc,
}

impl Shared {
    /// All shared columns.
    pub const ALL: [Self; 13] = [
        Self::AccidentNo,
        Self::AccidentRef,
        Self::BirthDate,
        Self::EmployerKey,
        Self::EmployerNo,
        Self::EmployerUscc,
        Self::IdNumber,
        Self::IdType,
        Self::IndustryCode,
        Self::InjuryKey,
        Self::KeyIndustry,
        Self::Sex,
        Self::Uscc,
    ];

    /// Name of the column.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::AccidentNo => "accident_no",
            Self::AccidentRef => "accident_ref",
            Self::BirthDate => "birth_date",
            Self::EmployerKey => "employer_key",
            Self::EmployerNo => "employer_no",
            Self::EmployerUscc => "employer_uscc",
            Self::IdNumber => "id_number",
            Self::IdType => "id_type",
            Self::IndustryCode => "industry_code",
            Self::InjuryKey => "injury_key",
            Self::KeyIndustry => "key_industry",
            Self::Sex => "sex",
            Self::Uscc => "uscc",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, Shared};
    use crate::{accident, accident_victim, families};

    #[test]
    fn every_shared_column_stands_in_a_family() {
        for shared in Shared::ALL {
            let known = families()
                .iter()
                .any(|family| family.fields.iter().any(|field| field.column == shared.column()));
            assert!(known, "{shared:?} is declared by no family");
        }
    }

    #[test]
    fn columns_lead_to_the_fields_of_their_declaration() {
        let field = accident::Entity::field(accident::Column::Deaths).expect("a field");
        assert_eq!((field.name, field.column), ("deaths", "deaths"));
        assert_eq!(accident::Entity::field(accident::Column::Department), None);
        assert_eq!(accident_victim::Entity::family().name, "AccidentVictim");
    }

    #[test]
    fn the_text_of_a_statement_stays_as_it_is_written() {
        assert_eq!(
            crate::sql!([a: accident] "SELECT a.ref FROM accidents a"),
            "SELECT a.ref FROM accidents a"
        );
        let least = 3;
        let text: String =
            crate::sql!([accident] "deaths > {least} AND key_industry = '{}'", "COAL_MINE");
        assert_eq!(text, "deaths > 3 AND key_industry = 'COAL_MINE'");
    }
}
