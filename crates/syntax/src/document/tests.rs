use super::{env, ini, json, toml, yaml};

#[test]
fn toml_keeps_the_places_of_keys_and_values() {
    let text = "[tool.poetry.dependencies]\npython = \"^3.12\"\ndjango = { version = \"5.2\" }\n";
    let tree = toml::read(text).expect("valid TOML");
    let entry = tree.root().and_then(|it| it.at(&["tool", "poetry", "dependencies"])).and_then(|it| it.entry("django"));
    let entry = entry.expect("the key is there");
    assert_eq!(entry.key_range.slice(text), "django");
    assert_eq!(entry.value.get("version").map(|it| it.range().slice(text)), Some("\"5.2\""));
}

#[test]
fn broken_toml_says_where() {
    let broken = toml::read("[project]\nname = \n").expect_err("a value is missing");
    assert_eq!(broken.range.start(), 17);
}

#[test]
fn json_takes_comments_only_where_they_are_allowed() {
    let text = "{ // app\n \"expo\": { \"name\": \"x\", }, }";
    assert!(json::read(text, false).is_err());
    let tree = json::read(text, true).expect("comments are allowed");
    let name = tree.root().and_then(|it| it.at(&["expo", "name"])).expect("the key is there");
    assert_eq!((name.text(), name.range().slice(text)), (Some("x"), "\"x\""));
}

#[test]
fn yaml_places_are_bytes_also_behind_other_letters() {
    let text = "naïve: é\nservices:\n  web:\n    image: \"shop:1\"\n    ports: [80, 443]\n";
    let tree = yaml::read(text).expect("valid YAML");
    let web = tree.root().and_then(|it| it.at(&["services", "web"])).expect("the key is there");
    assert_eq!(web.get("image").map(|it| it.range().slice(text)), Some("\"shop:1\""));
    assert_eq!(web.get("ports").map(|it| it.items().filter_map(|it| it.scalar()).collect()), Some(vec!["80", "443"]));
    assert!(web.range().slice(text).starts_with("image"));
}

#[test]
fn yaml_documents_and_merged_keys_are_found() {
    let text = "base: &base\n  image: a\nweb:\n  <<: *base\n---\nkind: Secret\n";
    let tree = yaml::read(text).expect("valid YAML");
    assert_eq!(tree.documents().count(), 2);
    assert_eq!(tree.root().and_then(|it| it.at(&["web", "image"])).and_then(|it| it.text()), Some("a"));
}

#[test]
fn a_bomb_of_aliases_stays_as_small_as_its_text() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..60 {
        let before = format!("*a{}", at - 1);
        text.push_str(&format!("a{at}: &a{at} [{}]\n", [before.as_str(); 9].join(", ")));
    }
    let tree = yaml::read(&text).expect("valid YAML");
    assert!(tree.all().count() < 1_000);
}

#[test]
fn deep_yaml_is_refused() {
    assert!(yaml::read(&"[".repeat(50_000)).is_err());
    assert!(yaml::read(&"- ".repeat(50_000)).is_err());
}

#[test]
fn sections_hold_keys_and_lines() {
    let text = "[options]\ninstall_requires =\n    django>=5 # web\n    celery\n[tool:pytest]\naddopts = -q\n";
    let ini = ini::read(text);
    assert_eq!(ini.get("options", "install_requires").as_deref(), Some("django>=5\ncelery"));
    let key = ini.key("tool:pytest", "addopts").expect("the key is there");
    assert_eq!(key.lines.first().map(|(_, range)| range.slice(text)), Some("-q"));
}

#[test]
fn env_files_hold_names_values_and_examples() {
    let text = "export A=1 # one\nB=\"two words\" \n# C=three\n# prose = text\nD=\nE='x\ny'\nF=last";
    let found = env::read(text);
    let plain: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.value.as_str(), it.is_comment)).collect();
    let expected = [
        ("A", "1", false),
        ("B", "two words", false),
        ("C", "three", true),
        ("prose", "text", true),
        ("D", "", false),
        ("E", "x\ny", false),
        ("F", "last", false),
    ];
    assert_eq!(plain, expected);
    assert!(found.iter().all(|it| it.value_range.slice(text) == it.value && it.name_range.slice(text) == it.name));
}
