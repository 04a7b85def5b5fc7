//! Second persons' consents, and how a small team does without.

pub(crate) mod agree;
pub(crate) mod break_glass;
pub(crate) mod list;
pub(crate) mod small_team_set;
pub(crate) mod small_team_show;
