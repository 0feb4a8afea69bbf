use super::companions::{BROUGHT, COMPANIONS};
use super::names::{distribution_of, imports_of, normalised};
use super::node_tables::PEERS;
use super::table::IMPORTS;

#[test]
fn the_tables_are_sorted() {
    assert!(IMPORTS.is_sorted_by_key(|(name, _)| name));
    assert!(COMPANIONS.is_sorted_by_key(|(name, _)| name));
    assert!(BROUGHT.is_sorted_by_key(|(name, _)| name));
    assert!(PEERS.is_sorted_by_key(|(name, _)| name));
}

#[test]
fn a_distribution_is_known_by_its_normalised_name() {
    assert_eq!(normalised("Django_Redis"), "django-redis");
    assert_eq!(normalised("ruamel.yaml"), "ruamel-yaml");
}

#[test]
fn modules_are_known_or_guessed() {
    assert_eq!(imports_of("pillow"), ["PIL"]);
    assert_eq!(imports_of("google-cloud-kms"), ["google.cloud.kms", "google_cloud_kms"]);
    assert!(imports_of("django-shopfront").iter().any(|it| it == "shopfront"));
}

#[test]
fn a_module_names_what_is_installed_for_it() {
    assert_eq!((distribution_of("cv2").as_str(), distribution_of("requests").as_str()), ("opencv-python", "requests"));
}
