//! Code spans that name a file of some repository: a path with a folder and an extension that source files have.

/// Extensions of files that people keep in a repository.
const KEPT: &[&str] = &[
    "cfg", "cjs", "conf", "css", "cts", "graphql", "html", "ini", "js", "json", "jsx", "less", "lua", "luau", "md",
    "mdx", "mjs", "mts", "proto", "ps1", "py", "rst", "scss", "sh", "sql", "tf", "toml", "ts", "tsx", "txt", "vue",
    "yaml", "yml",
];

/// Folders at the root of a machine or of a container.
const MACHINE: &[&str] = &[
    "app",
    "bin",
    "code",
    "data",
    "dev",
    "etc",
    "home",
    "mnt",
    "opt",
    "path",
    "proc",
    "root",
    "run",
    "srv",
    "tmp",
    "usr",
    "users",
    "var",
    "workspace",
    "Users",
    "Volumes",
];

/// Names that stand for others.
const STAND_INS: &[&str] = &[
    "app-name",
    "app_label",
    "app_name",
    "appname",
    "bar",
    "baz",
    "component",
    "dir",
    "directory",
    "example",
    "feature",
    "file",
    "filename",
    "folder",
    "foo",
    "module",
    "module_name",
    "mydomain",
    "myapp",
    "mymodule",
    "mypackage",
    "myplugin",
    "myproject",
    "mysite",
    "name",
    "newfile",
    "package",
    "package_name",
    "path",
    "plugin_name",
    "project_name",
    "project-name",
    "repo",
    "some",
    "something",
    "to",
    "xxx",
    "your",
    "yyy",
    "zzz",
];

/// Returns the path that a code span names, if it names one; a line number behind it is left out.
pub(crate) fn path(code: &str) -> Option<&str> {
    let path = without_place(code.trim());
    let (folder, name) = path.rsplit_once('/')?;
    let (stem, extension) = name.rsplit_once('.')?;
    let is_plain = path.len() < 200
        && path
            .chars()
            .all(|it| it.is_alphanumeric() || matches!(it, '/' | '.' | '-' | '_' | '@' | '[' | ']' | '(' | ')' | '+'))
        && !path.contains("//")
        && !path.contains("...")
        && !path.starts_with('@');
    let is_kept = KEPT.contains(&extension) && !stem.is_empty();
    let has_folder = folder.split('/').any(|it| !matches!(it, "" | "." | ".."));
    (is_plain && is_kept && has_folder && !is_elsewhere(path) && !is_stand_in(path)).then_some(path)
}

/// Takes `:42`, `:42-50`, `#L10` and `::name` away.
fn without_place(code: &str) -> &str {
    let code = code.split('#').next().unwrap_or(code);
    let code = code.split("::").next().unwrap_or(code);
    let is_place =
        |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit() || matches!(it, '-' | ',' | ':' | 'L'));
    match code.split_once(':') {
        Some((before, after)) if is_place(after) => before,
        _ => code,
    }
}

/// Returns whether a path is one of a machine, of a host or of an address.
fn is_elsewhere(path: &str) -> bool {
    let first = |path: &str| path.split('/').next().unwrap_or("").to_owned();
    if let Some(rest) = path.strip_prefix('/') {
        return MACHINE.contains(&first(rest).as_str());
    }
    // `docs.example.org/a.html`, but not `./a/b.py` or `.github/a.yml`.
    let first = first(path);
    let is_host = !first.starts_with('.') && first.contains('.');
    is_host || matches!(first.as_str(), "~" | "node_modules" | "http" | "https")
}

/// Returns whether some part of a path stands for others: `path/to/file.py`, `my_app/models.py`, `NAME.md`.
fn is_stand_in(path: &str) -> bool {
    let stem = |part: &str| part.split('.').next().unwrap_or(part).to_owned();
    let mut parts = path.split('/').filter(|it| !it.is_empty() && !it.starts_with('.'));
    parts.any(|part| {
        let stem = stem(part);
        let lower = stem.to_ascii_lowercase();
        let mut words = lower.split(['-', '_']);
        STAND_INS.contains(&lower.as_str())
            || words.any(|word| {
                matches!(
                    word,
                    "my" | "your" | "foo" | "xxx" | "xxxx" | "yyyy" | "yyyymmdd" | "nnn" | "nnnn" | "timestamp"
                )
            })
            || ["My", "Your", "Example", "Foo", "Some", "New"].iter().any(|word| starts_word(&stem, word))
            || part.starts_with("x.")
            || part.contains("x.x")
    })
}

/// Returns whether a name in capitals begins with a word: `MyComponent`, `YourPage`.
fn starts_word(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(|it: char| it.is_ascii_uppercase()))
        && !matches!(name, "New" | "Some")
        && (word != "New" || name.ends_with("Component") || name.ends_with("Feature"))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_path_has_a_folder_and_an_extension() {
        for (code, expected) in [
            ("shop/models.py", "shop/models.py"),
            ("./scripts/deploy.sh", "./scripts/deploy.sh"),
            ("shop/models.py:42", "shop/models.py"),
            ("shop/models.py::Order", "shop/models.py"),
            ("app/orders/[id]/page.tsx", "app/orders/[id]/page.tsx"),
            (".github/workflows/ci.yml", ".github/workflows/ci.yml"),
            ("/docs/guide.md", "/docs/guide.md"),
        ] {
            assert_eq!(path(code), Some(expected));
        }
    }

    #[test]
    fn what_stands_for_others_or_lies_elsewhere_is_none() {
        for code in [
            "./migrate.sh",
            "path/to/file.py",
            "my_plugin/urls.py",
            "your_app/models.py",
            "src/*.ts",
            "src/{a,b}.ts",
            "<name>/models.py",
            "@scope/pkg/file.js",
            "api/v1/users/",
            "/app/manage.py",
            "/etc/nginx/nginx.conf",
            "~/.config/a.toml",
            "docs.shop.org/guide.html",
            "https://shop.org/a.html",
            "python manage.py migrate",
            "docs/releases/x.x.x.md",
            "src/components/MyComponent.tsx",
            "reports/report_YYYY-MM-DD.json",
            "shop/.../models.py",
        ] {
            assert_eq!(path(code), None, "{code}");
        }
    }
}
