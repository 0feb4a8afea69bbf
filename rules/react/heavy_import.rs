//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, Scope};
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_model::script::Import;

rule! {
    /// Finds imports that put a whole large library into the bundle.
    ///
    /// Everybody who opens the page loads, parses and keeps it, on a phone too. These libraries cannot be shaken: one
    /// function of lodash's CommonJS build brings all of them, and moment brings every language.
    ///
    /// ```ts bad
    /// import moment from "moment";
    /// export const day = (value: string) => moment(value).format("LL");
    /// ```
    /// ```ts good
    /// import { format } from "date-fns";
    /// export const day = (value: string) => format(new Date(value), "PPP");
    /// ```
    ///
    /// One finding for each package and library, at its first import. Not flagged: `lodash/debounce`, `lodash-es`,
    /// named imports of icons, types, dynamic imports, projects with babel-plugin-lodash, code of servers and tests.
    pub(crate) const RULE = {
        code: "react/heavy-import",
        summary: "import of a whole large library",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        scope: Scope::Project,
    }
}

/// A library, what it weighs minified, and what to do.
struct Heavy {
    name: &'static str,
    weight: &'static str,
    help: &'static str,
}

const MOMENT: Heavy = Heavy {
    name: "moment",
    weight: "about 290 KB with its languages",
    help: "use date-fns, Day.js or `Intl.DateTimeFormat`",
};
const LODASH: Heavy =
    Heavy { name: "lodash", weight: "about 70 KB", help: "import the function: `lodash/debounce`, or use lodash-es" };
const AWS: Heavy =
    Heavy { name: "aws-sdk", weight: "more than 2 MB", help: "import the client of version 3 that is used" };
const HIGHLIGHT: Heavy = Heavy {
    name: "highlight.js",
    weight: "about 900 KB with its languages",
    help: "import `highlight.js/lib/core` and the languages that are used",
};
const ECHARTS: Heavy =
    Heavy { name: "echarts", weight: "about 1 MB", help: "import `echarts/core` and the charts that are used" };

type Uses<'p> = Vec<(ProjectFile<'p>, &'p Import)>;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut found: BTreeMap<(&str, String), (Uses<'_>, Heavy)> = BTreeMap::new();
    for file in model.files().filter(|it| !it.source.roles.intersects(RULE.meta.exempt)) {
        let Some(facts) = file.facts.script().filter(|it| !it.is_node_code() && !it.is_test_code()) else { continue };
        for import in facts.imports.iter().filter(|it| !is_of_types(it, file)) {
            let Some(heavy) = heavy(import) else { continue };
            let key = (package(model, &file.source.path), heavy.name.to_owned());
            found.entry(key).or_insert_with(|| (Vec::new(), heavy)).0.push((file, import));
        }
    }
    let shakes_lodash = model.files_with_word("babel").any(|file| {
        file.source.text.contains("babel-plugin-lodash") || file.source.text.contains("lodash-webpack-plugin")
    });
    for (uses, heavy) in found.into_values() {
        let Some((file, import)) = uses.first().filter(|_| heavy.name != "lodash" || !shakes_lodash) else { continue };
        let others = match uses.len() {
            1 => String::new(),
            2 => "; one other file imports it too".to_owned(),
            count => format!("; {} other files import it too", count - 1),
        };
        let message = format!("`{}` puts {} into the bundle{others}", import.module, heavy.weight);
        ctx.report(&file.source.path, import.range, message).help(heavy.help);
    }
}

fn package<'f>(model: &ProjectModel<'_>, path: &'f RelPath) -> &'f str {
    model.package_of(path)
}

fn heavy(import: &Import) -> Option<Heavy> {
    const ICONS: [&str; 7] = [
        "react-icons/",
        "lucide-react",
        "@mui/icons-material",
        "@ant-design/icons",
        "@heroicons/react",
        "@fortawesome/free-solid-svg-icons",
        "@tabler/icons-react",
    ];
    // `import "x"` and `import("x")` bind nothing.
    if import.names.is_empty() {
        return None;
    }
    let is_whole = import.names.iter().any(|it| it.imported == "*" || it.imported == "default");
    match import.module.as_str() {
        "moment" | "moment-timezone" => Some(MOMENT),
        "lodash" => Some(LODASH),
        "aws-sdk" => Some(AWS),
        "highlight.js" if is_whole => Some(HIGHLIGHT),
        "echarts" if is_whole => Some(ECHARTS),
        module
            if ICONS.iter().any(|icons| module.starts_with(icons))
                && import.names.iter().any(|it| it.imported == "*") =>
        {
            Some(Heavy {
                name: "icons",
                weight: "every icon of the set",
                help: "import the icons that are used by name",
            })
        }
        _ => None,
    }
}

/// Whether a statement imports types alone, which leave no trace in the bundle.
fn is_of_types(import: &Import, file: ProjectFile<'_>) -> bool {
    let before = file.source.text.get(..import.range.to_usize().start).unwrap_or("");
    let statement = before.rfind("import").map_or("", |at| &before[at..]);
    let after = statement.strip_prefix("import").unwrap_or("").trim_start();
    after.starts_with("type ") || after.starts_with("type{")
}
