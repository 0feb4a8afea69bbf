//! `docs/`: documents.

mod broken_link;
mod claim_unsupported;
mod missing_path;
mod open_checklist;
mod stale_status_document;
mod undocumented_endpoint;
mod version_drift;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    broken_link::RULE,
    claim_unsupported::RULE,
    missing_path::RULE,
    open_checklist::RULE,
    stale_status_document::RULE,
    undocumented_endpoint::RULE,
    version_drift::RULE,
];
