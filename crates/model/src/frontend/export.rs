//! What a name stands for: through imports, barrels and `export *`.

use arrears_core::source::RelPath;
use rustc_hash::FxHashSet;

use super::{Frontend, Origin, Target};

/// How many modules a name is passed on through at most.
const LONGEST_CHAIN: u32 = 24;

/// The names that were asked for already: modules may pass names on in circles.
type Seen<'p, 'a> = FxHashSet<(&'p str, &'a str)>;

impl<'p> Frontend<'p> {
    /// Returns where an exported name is defined: the module, and the name in it.
    ///
    /// The name is empty where the default export is an expression, and `*` where it is a whole module.
    pub fn export<'a>(&self, file: &RelPath, name: &'a str) -> Option<(&'p RelPath, &'a str)>
    where
        'p: 'a,
    {
        code(self.export_origin(file, name))
    }

    /// Returns where a name of a module is defined: the module, and the name in it. `ns.Name` looks into a namespace.
    pub fn definition<'a>(&self, file: &RelPath, local: &'a str) -> Option<(&'p RelPath, &'a str)>
    where
        'p: 'a,
    {
        code(self.origin(file, local))
    }

    /// Returns what an exported name stands for.
    pub fn export_origin<'a>(&self, file: &RelPath, name: &'a str) -> Origin<'p, 'a>
    where
        'p: 'a,
    {
        self.exported(file, name, LONGEST_CHAIN, &mut Seen::default())
    }

    /// Returns what a name of a module stands for.
    pub fn origin<'a>(&self, file: &RelPath, local: &'a str) -> Origin<'p, 'a>
    where
        'p: 'a,
    {
        self.named(file, local, LONGEST_CHAIN, &mut Seen::default())
    }

    fn named<'a>(&self, file: &RelPath, local: &'a str, steps: u32, seen: &mut Seen<'p, 'a>) -> Origin<'p, 'a>
    where
        'p: 'a,
    {
        if let Some((head, rest)) = local.split_once('.') {
            let member = rest.split('.').next().unwrap_or(rest);
            return match self.named(file, head, steps, seen) {
                Origin::Code(module, "*") => self.exported(module, member, steps, seen),
                Origin::Package(module, "*" | "default") => Origin::Package(module, member),
                other => other,
            };
        }
        let Some(own) = self.files.get(file.as_str()) else { return Origin::Unknown };
        let Some(facts) = own.facts.script() else { return Origin::Unknown };
        let Some((module, imported)) = facts.imported(local) else { return Origin::Code(&own.source.path, local) };
        match self.resolve(file, module) {
            Target::File(target) => self.exported(target, imported, steps, seen),
            Target::External(_) => Origin::Package(module, imported),
            Target::Asset | Target::Unresolved => Origin::Unknown,
        }
    }

    fn exported<'a>(&self, file: &RelPath, name: &'a str, steps: u32, seen: &mut Seen<'p, 'a>) -> Origin<'p, 'a>
    where
        'p: 'a,
    {
        let Some(own) = self.files.get(file.as_str()) else { return Origin::Unknown };
        if name == "*" {
            return Origin::Code(&own.source.path, "*");
        }
        let (Some(facts), Some(steps)) = (own.facts.script(), steps.checked_sub(1)) else { return Origin::Unknown };
        if !seen.insert((own.source.path.as_str(), name)) {
            return Origin::Unknown;
        }
        if let Some(export) = facts.exports.iter().find(|it| it.name == name) {
            let Some(module) = &export.module else {
                // A name that is imported and exported under the same name ends here only where it is defined here.
                return match export.local.as_str() {
                    "" => Origin::Code(&own.source.path, ""),
                    local => self.named(file, local, steps, seen),
                };
            };
            return match self.resolve(file, module) {
                Target::File(target) => self.exported(target, &export.local, steps, seen),
                Target::External(_) => Origin::Package(module, &export.local),
                Target::Asset | Target::Unresolved => Origin::Unknown,
            };
        }
        if name == "default" {
            return Origin::Unknown;
        }
        for module in facts.exports.iter().filter(|it| it.name == "*").filter_map(|it| it.module.as_deref()) {
            if let Target::File(target) = self.resolve(file, module)
                && target != file
            {
                match self.exported(target, name, steps, seen) {
                    Origin::Unknown => {}
                    found => return found,
                }
            }
        }
        Origin::Unknown
    }
}

fn code<'p, 'a>(origin: Origin<'p, 'a>) -> Option<(&'p RelPath, &'a str)> {
    match origin {
        Origin::Code(file, name) => Some((file, name)),
        Origin::Package(..) | Origin::Unknown => None,
    }
}
