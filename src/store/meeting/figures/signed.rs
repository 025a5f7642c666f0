//! Returns of a region and of those below it, for the figures that rest on them.

use sea_orm::Value;

use crate::{
    authz::meeting::Seat,
    domain::region::RegionCode,
    error::HubError,
    store::{
        meeting::returns::{COLUMNS, SignedReturn, signed},
        sql::{database::Database, statement::statement},
    },
};

impl Database {
    /// Returns of some regions that lie in the seat's and of some years, the last version of each
    /// only.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn returns_of(
        &self,
        seat: &Seat,
        regions: &[&RegionCode],
        (first, last): (i32, i32),
    ) -> Result<Vec<SignedReturn>, HubError> {
        let inside: Vec<&str> = regions
            .iter()
            .filter(|region| seat.region().contains(region))
            .map(|region| region.as_str())
            .collect();
        if inside.is_empty() {
            return Ok(Vec::new());
        }
        let marks = vec!["?"; inside.len()].join(", ");
        let sql = format!(
            "SELECT {COLUMNS} FROM meeting_returns r WHERE region_code IN ({marks}) AND data_year BETWEEN ? AND ? AND version = \
             (SELECT MAX(o.version) FROM meeting_returns o WHERE o.region_code = r.region_code AND o.department = r.department AND \
             o.kind = r.kind AND o.data_year = r.data_year AND o.finality = r.finality) ORDER BY region_code, data_year, kind, department"
        );
        let values =
            inside.into_iter().map(Value::from).chain([first.into(), last.into()]).collect();
        self.all(statement(self.backend(), &sql, values)).await?.iter().map(signed).collect()
    }
}
