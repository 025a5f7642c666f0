//! Regions as they are now, and what they were called: a county renamed or merged in the middle of
//! a plan keeps its baseline, because its former codes lead to it.

use std::collections::BTreeMap;

use crate::{domain::region::RegionCode, error::HubError, store::reference::Reference};

/// Which codes followed which.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    names: BTreeMap<String, String>,
    successors: BTreeMap<String, String>,
}

impl Regions {
    /// The regions of the code tables.
    #[must_use]
    pub fn load(reference: &Reference) -> Self {
        let rows = |table: &str| {
            reference.table(table).map(|table| table.codes.as_slice()).unwrap_or_default().iter()
        };
        let names = rows("region").map(|code| (code.code.clone(), code.name_zh.clone())).collect();
        let followed = rows("region")
            .chain(rows("abolished_region"))
            .filter(|code| code.replaced_by.is_some());
        let present = |code: &str| reference.present_region(code).map(|code| code.code.clone());
        let successors =
            followed.filter_map(|code| Some((code.code.clone(), present(&code.code)?))).collect();
        Self { names, successors }
    }

    /// The region a code means today: the one that took its place, if it was abolished.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when the code is none, is not known, or was abolished without a
    /// successor.
    pub fn present(&self, code: &str) -> Result<RegionCode, HubError> {
        let unknown = || {
            HubError::invalid(
                format!("没有行政区划 {code}，或已撤销且无承继地区。请核对六位代码。"),
                format!(
                    "There is no region {code}, or it was abolished without a successor. Check the six digits."
                ),
            )
        };
        let own = self.successors.get(code).map_or(code, String::as_str);
        if !self.names.contains_key(own) {
            return Err(unknown());
        }
        RegionCode::parse(own).map_err(|_| unknown())
    }

    /// Abolished codes whose place a region or one below it has taken, and which do not begin like
    /// it.
    #[must_use]
    pub fn former(&self, region: &RegionCode) -> Vec<String> {
        let inside = |code: &&String| {
            let present = self.present(code).ok();
            present.is_some_and(|present| region.contains(&present))
                && !code.starts_with(region.prefix())
        };
        self.successors.keys().filter(inside).cloned().collect()
    }

    /// Name of a region of today.
    #[must_use]
    pub fn name(&self, code: &str) -> Option<&str> {
        self.names.get(code).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Regions;
    use crate::{domain::region::RegionCode, store::reference::Reference};

    #[test]
    fn a_renamed_county_is_its_successor_and_the_successor_knows_its_former_codes() {
        let regions = Regions::load(&Reference::shipped().expect("the code tables read"));
        assert_eq!(
            regions.present("140624").expect("a region").as_str(),
            "140681",
            "怀仁县 became 怀仁市"
        );
        assert_eq!(regions.present("140681").expect("a region").as_str(), "140681");
        assert_eq!(regions.present("140000").expect("a region").as_str(), "140000");
        for wrong in ["", "14068", "149999", "怀仁"] {
            assert_eq!(
                regions.present(wrong).expect_err("no region").code(),
                "BAD_USER_INPUT",
                "{wrong}"
            );
        }
        let huairen = RegionCode::parse("140681").expect("a region");
        assert!(regions.former(&huairen).contains(&"140624".to_owned()));
        let city = RegionCode::parse("140600").expect("a region");
        assert!(
            !regions.former(&city).contains(&"140624".to_owned()),
            "its code begins like the city's"
        );
    }
}
