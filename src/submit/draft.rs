//! A submitted row while it is checked: values by column, and the faults and findings.

use chrono::NaiveDate;
use entity::{
    catalogue::Family,
    typed::{Record, Shared},
};

use crate::{domain::clock, error::Text, store::sql::cell::Cell, submit::verdict::RowRemark};

/// The origin that a row states: the columns that an export of the hub adds to its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Global identifier of the record.
    pub id: Option<String>,
    /// Department that holds it, by code or name.
    pub department: Option<String>,
    /// System of that department.
    pub source_system: Option<String>,
}

impl Origin {
    /// Names of these values in a row.
    pub const NAMES: [&'static str; 3] = ["id", "department", "sourceSystem"];
}

/// A row being checked.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The origin that the row states.
    pub origin: Origin,
    family: &'static Family,
    cells: Vec<Cell>,
    faults: Vec<RowRemark>,
    findings: Vec<RowRemark>,
}

impl Draft {
    /// An empty row.
    #[must_use]
    pub fn new(family: &'static Family) -> Self {
        Self {
            origin: Origin::default(),
            family,
            cells: vec![Cell::Null; family.fields.len()],
            faults: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The family of which the row is to become a record.
    #[must_use]
    pub const fn family(&self) -> &'static Family {
        self.family
    }

    /// The row as one of this family; `None` if it belongs to another.
    pub fn of<R: Record>(&mut self) -> Option<View<'_, R::Column>> {
        (self.family.name == R::family().name).then_some(View { draft: self, name: R::column })
    }

    /// Text of a column that several families have.
    #[must_use]
    pub fn shared_text(&self, column: Shared) -> Option<&str> {
        self.text(column.column())
    }

    /// The row by columns that several families have.
    pub fn shared(&mut self) -> View<'_, Shared> {
        View { draft: self, name: |column| column.column() }
    }

    fn index(&self, column: &str) -> Option<usize> {
        self.family.fields.iter().position(|field| field.column == column)
    }

    /// The value of a column.
    #[must_use]
    pub(super) fn get(&self, column: &str) -> &Cell {
        self.index(column).and_then(|index| self.cells.get(index)).unwrap_or(&Cell::Null)
    }

    /// Sets the value of a column.
    pub(super) fn set(&mut self, column: &str, cell: Cell) {
        if let Some(slot) = self.index(column).and_then(|index| self.cells.get_mut(index)) {
            *slot = cell;
        }
    }

    /// Sets the value of a field by its index.
    pub fn put(&mut self, index: usize, cell: Cell) {
        if let Some(slot) = self.cells.get_mut(index) {
            *slot = cell;
        }
    }

    /// Text of a column.
    #[must_use]
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        self.get(column).as_text()
    }

    /// Day of a date or instant, in Asia/Shanghai.
    #[must_use]
    pub(super) fn day(&self, column: &str) -> Option<NaiveDate> {
        match self.get(column) {
            Cell::Date(day) => Some(*day),
            Cell::Instant(instant) => Some(clock::shanghai_date(*instant)),
            _ => None,
        }
    }

    /// The day that decides which editions apply.
    #[must_use]
    pub fn dated(&self) -> Option<NaiveDate> {
        self.family
            .dated
            .and_then(|index| self.family.fields.get(index))
            .and_then(|field| self.day(field.column))
    }

    /// The day that decides which edition of its codes applies: that of an event; for something
    /// that lasts, its last day, or today while it lasts. `None` if that day is missing, unreadable
    /// or in the future: this is a fault of the day and not of a code.
    #[must_use]
    pub fn judged_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        let decides =
            self.family.until.or(self.family.dated).and_then(|index| self.family.fields.get(index));
        let Some(field) = decides else { return Some(today) };
        if self.faults.iter().any(|fault| fault.field.as_deref() == Some(field.name)) {
            return None;
        }
        match self.day(field.column) {
            Some(day) if day <= today => Some(day),
            Some(_) if self.family.until.is_none() => None,
            _ => Some(today),
        }
    }

    /// Values by index of the family's own fields.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// What is wrong.
    #[must_use]
    pub fn faults(&self) -> &[RowRemark] {
        &self.faults
    }

    /// Findings that someone should look at.
    #[must_use]
    pub fn findings(&self) -> &[RowRemark] {
        &self.findings
    }

    /// Keeps the first `count` faults.
    pub fn forget_faults_after(&mut self, count: usize) {
        self.faults.truncate(count);
    }

    /// Name of a column in the schema.
    #[must_use]
    pub(super) fn name_of(&self, column: &str) -> Option<&'static str> {
        self.index(column).and_then(|index| self.family.fields.get(index)).map(|field| field.name)
    }

    /// Rejects the row for a column.
    pub(super) fn fault(
        &mut self,
        column: &str,
        code: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        let field = self.name_of(column);
        self.faults.push(RowRemark::new(code, field, Text::new(zh, en)));
    }

    /// Rejects the row for something that is no column.
    pub fn fault_at(&mut self, field: Option<&str>, code: impl Into<String>, text: Text) {
        self.faults.push(RowRemark::new(code, field, text));
    }

    /// Notes something about a column.
    pub(super) fn finding(
        &mut self,
        column: &str,
        code: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        let field = self.name_of(column);
        // One cause, one remark: what is said of a value that could not be read follows from that.
        if field.is_some() && self.faults.iter().any(|fault| fault.field.as_deref() == field) {
            return;
        }
        self.findings.push(RowRemark::new(code, field, Text::new(zh, en)));
    }
}

/// A row with columns known to the compiler: those of its family, or those that several families
/// share.
pub struct View<'a, C> {
    /// The row behind the view, with its faults and findings.
    pub draft: &'a mut Draft,
    name: fn(&C) -> &'static str,
}

impl<C> View<'_, C> {
    /// Whether the family has that column.
    #[must_use]
    pub fn has(&self, column: C) -> bool {
        self.draft.index((self.name)(&column)).is_some()
    }

    /// The value of a column.
    #[must_use]
    pub fn get(&self, column: C) -> &Cell {
        self.draft.get((self.name)(&column))
    }

    /// Text of a column.
    #[must_use]
    pub fn text(&self, column: C) -> Option<&str> {
        self.get(column).as_text()
    }

    /// Number of a column; 0 when empty.
    #[must_use]
    pub fn number(&self, column: C) -> i64 {
        self.get(column).as_int().unwrap_or_default()
    }

    /// Count of a column, as the rules of `domain` take it.
    #[must_use]
    pub fn count(&self, column: C) -> u32 {
        u32::try_from(self.number(column)).unwrap_or_default()
    }

    /// Whether a yes-or-no column says yes.
    #[must_use]
    pub fn yes(&self, column: C) -> bool {
        *self.get(column) == Cell::Bool(true)
    }

    /// Day of a date or instant, in Asia/Shanghai.
    #[must_use]
    pub fn day(&self, column: C) -> Option<NaiveDate> {
        self.draft.day((self.name)(&column))
    }

    /// Name of a column in the schema.
    #[must_use]
    pub fn name_of(&self, column: C) -> Option<&'static str> {
        self.draft.name_of((self.name)(&column))
    }

    /// Sets the value of a column.
    pub fn set(&mut self, column: C, cell: Cell) {
        self.draft.set((self.name)(&column), cell);
    }

    /// Rejects the row for a column.
    pub fn fault(
        &mut self,
        column: C,
        code: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.draft.fault((self.name)(&column), code, zh, en);
    }

    /// Notes something about a column.
    pub fn finding(
        &mut self,
        column: C,
        code: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.draft.finding((self.name)(&column), code, zh, en);
    }
}
