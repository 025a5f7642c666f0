//! Whose training is looked for: holders of the key posts that the plan of a region names, as the
//! indicators count them.

use chrono::{Datelike as _, NaiveDate};

use crate::{
    domain::region::RegionCode,
    error::HubError,
    meeting::{indicators::JudgingBasis, plans::PlanSet},
    store::{meeting::leads::PostsOfPlan, reference::Reference},
};

/// The posts for a region that is searched, and for those inside it that have a plan of their own:
/// the nearest region first, then by year.
///
/// # Errors
///
/// [`HubError::Internal`] where a table of plans is damaged.
pub(super) fn posts_of_plans(
    reference: &Reference,
    searched: &RegionCode,
    today: NaiveDate,
) -> Result<Vec<PostsOfPlan>, HubError> {
    let plans = PlanSet::load(reference)?;
    let own = plans.all().iter().filter_map(|plan| plan.region.as_ref());
    let mut regions: Vec<&RegionCode> = own.filter(|region| searched.contains(region)).collect();
    regions.push(searched);
    regions.sort_by_key(|region| (std::cmp::Reverse(region.prefix().len()), region.as_str()));
    regions.dedup();
    let first = plans.all().iter().map(|plan| plan.first_year).min().unwrap_or(today.year());
    let mut found: Vec<PostsOfPlan> = Vec::new();
    for region in regions {
        for year in first..=today.year() {
            let posts = JudgingBasis::new(&plans, reference, region, year, None).posts;
            let prefix = region.prefix().to_owned();
            match found.last_mut().filter(|last| last.prefix == prefix) {
                Some(last) if last.posts.posts == posts.posts => last.until = Some(year),
                _ => found.push(PostsOfPlan { prefix, until: Some(year), posts }),
            }
        }
        // What holds today holds until there is another plan.
        if let Some(last) = found.last_mut() {
            last.until = None;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_with_a_plan_of_its_own_has_its_own_posts_and_a_new_plan_others_from_its_year() {
        let reference = Reference::shipped().expect("the code tables read");
        let today = "2026-11-28".parse().expect("a day");
        let found = |region: &str| {
            let region = RegionCode::parse(region).expect("a region");
            posts_of_plans(&reference, &region, today).expect("posts")
        };
        let places: Vec<(String, Option<i32>, usize)> = found("370000")
            .into_iter()
            .map(|own| (own.prefix, own.until, own.posts.posts.len()))
            .collect();
        let place = |prefix: &str, until, posts| (prefix.to_owned(), until, posts);
        assert_eq!(
            places,
            [
                place("3703", Some(2023), 3),
                // The plan of 2024 names leaders of construction projects too.
                place("3703", Some(2024), 4),
                place("3703", Some(2025), 3),
                place("3703", None, 4),
                place("37", Some(2025), 3),
                place("37", None, 4),
            ]
        );
        // A county is judged by the plan of its city.
        let county: Vec<usize> = found("370302").iter().map(|own| own.posts.posts.len()).collect();
        assert_eq!(county, [3, 4, 3, 4]);
    }
}
