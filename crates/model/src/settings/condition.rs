//! What decides between two values of a setting.

/// A condition, as far as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A setting or a variable of the environment is true: `if DEBUG:`.
    Name(String),
    /// It is one of these texts: `if ENVIRONMENT == "production":`.
    Is(String, Vec<String>),
    /// Tests are run: `"test" in sys.argv`.
    TestRun,
    /// Something could be imported.
    Imported,
    /// The other one does not hold.
    Not(Box<Condition>),
    /// Both hold.
    All(Box<Condition>, Box<Condition>),
    /// One of them holds.
    Any(Box<Condition>, Box<Condition>),
    /// Not understood.
    Other,
}

/// Words in names that are true while somebody works on the program.
const WORKSHOP: [&str; 17] = [
    "debug",
    "dev",
    "development",
    "local",
    "localhost",
    "test",
    "tests",
    "testing",
    "ci",
    "pytest",
    "demo",
    "e2e",
    "mock",
    "mocked",
    "debugger",
    "runserver",
    "sandbox",
];

/// Words in names that are true where the program serves its users.
const SERVICE: [&str; 4] = ["prod", "production", "live", "prd"];

impl Condition {
    /// Returns whether it holds in production, as far as its words say so.
    pub fn in_production(&self) -> Option<bool> {
        self.decide(24)
    }

    fn decide(&self, depth: u32) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        match self {
            Self::Name(name) if has_word(name, &SERVICE) => Some(true),
            Self::Name(name) if has_word(name, &WORKSHOP) => Some(false),
            Self::Is(_, texts) if texts.iter().any(|text| has_word(text, &SERVICE)) => Some(true),
            Self::Is(_, texts) if texts.iter().all(|text| has_word(text, &WORKSHOP)) => Some(false),
            Self::TestRun => Some(false),
            Self::Not(inner) => inner.decide(depth).map(|it| !it),
            Self::All(left, right) => match (left.decide(depth), right.decide(depth)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Any(left, right) => match (left.decide(depth), right.decide(depth)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Name(_) | Self::Is(..) | Self::Imported | Self::Other => None,
        }
    }

    /// Returns whether it asks which of several texts something is.
    pub(super) fn is_choice(&self) -> bool {
        match self {
            Self::Is(..) => true,
            Self::Not(inner) => matches!(**inner, Self::Is(..)),
            _ => false,
        }
    }

    /// Adds the names that decide it.
    pub(super) fn names<'a>(&'a self, found: &mut Vec<&'a str>) {
        let mut open = vec![self];
        while let Some(condition) = open.pop() {
            match condition {
                Self::Name(name) | Self::Is(name, _) => found.push(name),
                Self::Not(inner) => open.push(inner),
                Self::All(left, right) | Self::Any(left, right) => open.extend([&**left, &**right]),
                Self::TestRun | Self::Imported | Self::Other => {}
            }
            if found.len() + open.len() > 24 {
                break;
            }
        }
    }

    /// Returns the condition that holds where this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// Returns whether one of the words of a name is among these: `DEBUG` and `IS_DEV`, not `DEVICE`.
pub(crate) fn has_word(name: &str, words: &[&str]) -> bool {
    name.split(|it: char| !it.is_ascii_alphanumeric())
        .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// Returns whether a name speaks of development or of tests.
pub(crate) fn is_workshop(name: &str) -> bool {
    has_word(name, &WORKSHOP)
}

/// Returns whether a name speaks of production.
pub(crate) fn is_service(name: &str) -> bool {
    has_word(name, &SERVICE)
}
