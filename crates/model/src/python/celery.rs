//! Periodic schedules: entries of a `beat_schedule` dictionary and `add_periodic_task` calls; bodies of tasks.

use arrears_core::text::TextRange;
use arrears_syntax::node::{ancestors, field, parts, range, text};
use arrears_syntax::python::{callee, dotted, keyword, positional, string_value};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

/// One schedule written in a module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// The setting, variable or function that holds it: `CELERY_BEAT_SCHEDULE`.
    pub holder: Option<String>,
    /// Its entries, in source order.
    pub entries: Vec<Entry>,
}

/// One entry of a schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its key, or its `name=`.
    pub name: String,
    /// The task it runs.
    pub task: TaskRef,
    /// Where the task is named.
    pub range: TextRange,
    /// When it runs, in words: `every Monday at 08:00`.
    pub when: Option<String>,
}

/// How an entry names its task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskRef {
    /// By the task's name, a string.
    Name(String),
    /// By the function: `send.s()`.
    Path(String),
}

/// Reads `"weekly": {"task": …, "schedule": …}` and `CELERY_BEAT_SCHEDULE["weekly"] = {…}`: a name and a value that
/// holds both a task and a schedule, whatever the dictionary around it is called.
pub(crate) fn read_entry(key: Node<'_>, value: Node<'_>, source: &str) -> Option<Schedule> {
    let (name, holder) = if key.kind() == "subscript" {
        (string_value(field(key, "subscript")?, source)?, Some(text(field(key, "value")?, source).to_owned()))
    } else {
        (string_value(key, source).unwrap_or_else(|| unquoted(key, source).into()), None)
    };
    let item = |wanted: &str| items(value).find(|(key, _)| key_text(*key, source) == wanted).map(|(_, value)| value);
    let (task, schedule) = (item("task")?, item("schedule")?);
    let reference = match string_value(task, source) {
        Some(name) => TaskRef::Name(name.into_owned()),
        None => TaskRef::Path(dotted(task, source)?.strip_suffix(".name")?.to_owned()),
    };
    let when = describe(schedule, source);
    let entry = Entry { name: name.into_owned(), task: reference, range: range(task), when };
    Some(Schedule { holder: holder.or_else(|| holder_of(value, source)), entries: vec![entry] })
}

/// Returns keys and values of `{"task": …}` or `dict(task=…)`.
fn items(value: Node<'_>) -> impl Iterator<Item = (Node<'_>, Node<'_>)> {
    let list = if value.kind() == "call" { field(value, "arguments") } else { Some(value) };
    let pairs = list.into_iter().flat_map(parts).filter(|it| matches!(it.kind(), "pair" | "keyword_argument"));
    pairs.filter_map(|pair| Some((field(pair, "key").or_else(|| field(pair, "name"))?, field(pair, "value")?)))
}

/// Returns what is between the quotes of a string that is computed: `tenant-{id}` for `f"tenant-{id}"`.
fn unquoted<'s>(key: Node<'_>, source: &'s str) -> &'s str {
    text(key, source).trim_start_matches(['f', 'F', 'r', 'R']).trim_matches(['"', '\''])
}

fn key_text<'s>(key: Node<'_>, source: &'s str) -> std::borrow::Cow<'s, str> {
    string_value(key, source).unwrap_or_else(|| text(key, source).into())
}

/// Returns the name under which people find the schedule that a value lies in.
fn holder_of(value: Node<'_>, source: &str) -> Option<String> {
    ancestors(value).find_map(|around| match around.kind() {
        "assignment" => Some(text(field(around, "left")?, source).to_owned()),
        "keyword_argument" => Some(text(field(around, "name")?, source).to_owned()),
        "pair" => string_value(field(around, "key")?, source).filter(|key| *key == "beat_schedule").map(Into::into),
        "function_definition" => Some(format!("{}()", text(field(around, "name")?, source))),
        _ => None,
    })
}

/// Reads `sender.add_periodic_task(schedule, task.s(), name=…)`.
pub(crate) fn read_periodic_call(call: Node<'_>, source: &str) -> Option<Schedule> {
    let mut arguments = positional(call);
    let (when, signature) = (arguments.next()?, arguments.next()?);
    let path = callee(signature, source)?;
    let (task, place) = match positional(signature).next().and_then(|name| string_value(name, source)) {
        // `app.signature("shop.tasks.send")`
        Some(name) if matches!(path.rsplit('.').next(), Some("signature" | "subtask")) => {
            (TaskRef::Name(name.into_owned()), range(positional(signature).next()?))
        }
        _ => {
            let task = path
                .strip_suffix(".s")
                .or_else(|| path.strip_suffix(".si"))
                .or_else(|| path.strip_suffix(".signature"))?;
            (TaskRef::Path(task.to_owned()), range(field(signature, "function")?))
        }
    };
    let name = keyword(call, "name", source)
        .and_then(|name| string_value(name, source))
        .map_or_else(|| path.to_owned(), std::borrow::Cow::into_owned);
    let entry = Entry { name, task, range: place, when: describe(when, source) };
    Some(Schedule { holder: Some("add_periodic_task".to_owned()), entries: vec![entry] })
}

/// Says in words when a schedule fires.
pub fn describe(schedule: Node<'_>, source: &str) -> Option<String> {
    let mut schedule = schedule;
    while schedule.kind() == "call" && callee(schedule, source)?.rsplit('.').next() == Some("schedule") {
        schedule = positional(schedule).next().or_else(|| keyword(schedule, "run_every", source))?;
    }
    match schedule.kind() {
        "integer" | "float" => text(schedule, source).parse::<f64>().ok().map(every_seconds),
        "binary_operator" => product(schedule, source).map(every_seconds),
        "call" => {
            let name = callee(schedule, source)?.rsplit('.').next()?;
            match name {
                "crontab" => Some(describe_crontab(&Crontab::read(schedule, source))),
                "timedelta" => timedelta_seconds(schedule, source).map(every_seconds),
                _ => None,
            }
        }
        _ => None,
    }
}

fn product(node: Node<'_>, source: &str) -> Option<f64> {
    let (mut product, mut open) = (1.0, vec![node]);
    while let Some(factor) = open.pop() {
        match factor.kind() {
            "integer" | "float" => product *= text(factor, source).parse::<f64>().ok()?,
            "parenthesized_expression" => open.push(parts(factor).next()?),
            "binary_operator" if field(factor, "operator").is_some_and(|it| text(it, source) == "*") => {
                open.extend([field(factor, "left")?, field(factor, "right")?]);
            }
            _ => return None,
        }
    }
    Some(product)
}

fn timedelta_seconds(call: Node<'_>, source: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 5] =
        [("weeks", 604_800.0), ("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0), ("seconds", 1.0)];
    let mut total = positional(call).next().and_then(|days| product(days, source)).unwrap_or(0.0) * 86_400.0;
    for (unit, seconds) in UNITS {
        if let Some(value) = keyword(call, unit, source) {
            total += product(value, source)? * seconds;
        }
    }
    (total > 0.0).then_some(total)
}

fn every_seconds(seconds: f64) -> String {
    const UNITS: [(&str, f64); 5] =
        [("week", 604_800.0), ("day", 86_400.0), ("hour", 3_600.0), ("minute", 60.0), ("second", 1.0)];
    let whole = UNITS.iter().find(|(_, length)| seconds >= *length && seconds % length == 0.0);
    match whole {
        Some((unit, length)) if (seconds - length).abs() < f64::EPSILON => format!("every {unit}"),
        Some((unit, length)) => format!("every {} {unit}s", seconds / length),
        None => format!("every {seconds} seconds"),
    }
}

/// The fields of a `crontab(…)` call, as they are written; `None` where a field is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crontab {
    /// `minute=`
    pub minute: Option<String>,
    /// `hour=`
    pub hour: Option<String>,
    /// `day_of_week=`
    pub day_of_week: Option<String>,
    /// `day_of_month=`
    pub day_of_month: Option<String>,
    /// `month_of_year=`
    pub month_of_year: Option<String>,
    /// Whether arguments are splatted in or given by position, so that the fields are not all known.
    pub is_dynamic: bool,
}

impl Crontab {
    /// Reads the arguments of a call.
    pub fn read(call: Node<'_>, source: &str) -> Self {
        let value = |name: &str| {
            let value = keyword(call, name, source)?;
            Some(
                string_value(value, source)
                    .map_or_else(|| text(value, source).to_owned(), std::borrow::Cow::into_owned),
            )
        };
        let mut by_position = positional(call).map(|value| {
            string_value(value, source).map_or_else(|| text(value, source).to_owned(), std::borrow::Cow::into_owned)
        });
        let is_dynamic = field(call, "arguments")
            .into_iter()
            .flat_map(parts)
            .any(|it| matches!(it.kind(), "dictionary_splat" | "list_splat"));
        Self {
            minute: by_position.next().or_else(|| value("minute")),
            hour: by_position.next().or_else(|| value("hour")),
            day_of_week: by_position.next().or_else(|| value("day_of_week")),
            day_of_month: by_position.next().or_else(|| value("day_of_month")),
            month_of_year: by_position.next().or_else(|| value("month_of_year")),
            is_dynamic,
        }
    }
}

fn describe_crontab(crontab: &Crontab) -> String {
    let field = |value: &Option<String>| value.clone().unwrap_or_else(|| "*".to_owned());
    let (minute, hour) = (field(&crontab.minute), field(&crontab.hour));
    let clock = match (hour.parse::<u8>(), minute.parse::<u8>()) {
        (Ok(hour), Ok(minute)) => format!("at {hour:02}:{minute:02}"),
        (Ok(hour), Err(_)) if minute == "*" => format!("each minute from {hour:02}:00 to {hour:02}:59"),
        (Err(_), Ok(minute)) if hour == "*" => format!("each hour at minute {minute}"),
        _ if minute == "*" && hour == "*" => "each minute".to_owned(),
        _ if hour == "*" && minute.starts_with("*/") => format!("each {} minutes", &minute[2..]),
        _ => format!("at minute `{minute}` of hour `{hour}`"),
    };
    let day = match (&crontab.day_of_week, &crontab.day_of_month) {
        (Some(day), None) if day != "*" => format!("every {}", weekday(day)),
        (None, Some(day)) if day != "*" => format!("on day {day} of every month"),
        (Some(_), Some(_)) => format!(
            "on days `{}` of the week and `{}` of the month",
            field(&crontab.day_of_week),
            field(&crontab.day_of_month)
        ),
        _ if clock.starts_with("each") => return clock.replacen("each", "every", 1),
        _ => "every day".to_owned(),
    };
    format!("{day} {clock}")
}

fn weekday(day: &str) -> String {
    const DAYS: [(&str, &str, &str); 8] = [
        ("0", "sun", "Sunday"),
        ("1", "mon", "Monday"),
        ("2", "tue", "Tuesday"),
        ("3", "wed", "Wednesday"),
        ("4", "thu", "Thursday"),
        ("5", "fri", "Friday"),
        ("6", "sat", "Saturday"),
        ("7", "sun", "Sunday"),
    ];
    let lower = day.to_ascii_lowercase();
    let known = DAYS
        .iter()
        .find(|(number, short, _)| lower == *number || lower.starts_with(short) && !lower.contains([',', '-']));
    known.map_or_else(|| format!("weekday `{day}`"), |(_, _, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::describe;
    use arrears_syntax::grammar::Grammar;
    use arrears_syntax::node::descendants;
    use arrears_syntax::parse::parse;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let tree = parse(Grammar::Python, source);
        let expression = descendants(tree.root_node())
            .find(|node| node.parent().is_some_and(|it| it.kind() == "expression_statement"));
        assert_eq!(describe(expression.expect("an expression"), source).as_deref(), Some(expected));
    }

    #[test]
    fn a_schedule_is_told_in_words() {
        check("crontab(hour=8, minute=0, day_of_week=1)", "every Monday at 08:00");
        check("crontab(hour=2, minute='30')", "every day at 02:30");
        check("crontab(minute='*/15')", "every 15 minutes");
        check("crontab()", "every minute");
        check("crontab(minute=0)", "every hour at minute 0");
        check("crontab(0, 3, day_of_month='1')", "on day 1 of every month at 03:00");
        check("timedelta(hours=1)", "every hour");
        check("60 * 5", "every 5 minutes");
    }
}
