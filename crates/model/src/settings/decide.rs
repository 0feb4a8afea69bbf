//! Evaluates what decides: conditions, comparisons, `and` and `or`.

use super::condition::Condition;
use super::eval::key_of;
use super::run::{Evaluator, Frame};
use super::scope::Test;
use super::value::{Cast, Either, Setting, Shared, Value};
use crate::python::body::{Expr, ExprId, List};

impl<'m, 'p> Evaluator<'m, 'p> {
    /// Reads a condition, and evaluates it with everything at its default.
    pub(super) fn test(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId) -> Test<'p> {
        let value = self.eval(frame, id);
        Test { condition: self.condition(frame, id, 24), holds: value.truth(), place: frame.place(id) }
    }

    fn condition(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, depth: u32) -> Condition {
        let Some(depth) = depth.checked_sub(1) else { return Condition::Other };
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        match bodies.expr(id) {
            Expr::Name => {
                let name = bodies.span(id).slice(text);
                // `TESTING = "test" in sys.argv`
                match self.named(frame, name).map(|it| it.value.clone()) {
                    Some(Value::Either(it)) if is_flag(&it) => it.test,
                    _ => Condition::Name(name.to_owned()),
                }
            }
            Expr::Attr { name, .. } => Condition::Name(name.slice(text).to_owned()),
            Expr::Not(inner) => self.condition(frame, inner, depth).negated(),
            Expr::Bool { left, right } => {
                let is_and = is_and(frame, left, right);
                let (left, right) = (self.condition(frame, left, depth), self.condition(frame, right, depth));
                let (left, right) = (Box::new(left), Box::new(right));
                if is_and { Condition::All(left, right) } else { Condition::Any(left, right) }
            }
            Expr::Compare(list) => self.compared(frame, id, list),
            Expr::Call { .. } => match &self.eval(frame, id).value {
                Value::Env(variable) => Condition::Name(variable.name.clone()),
                _ => Condition::Other,
            },
            _ => Condition::Other,
        }
    }

    /// Reads `ENVIRONMENT == "production"` and `"test" in sys.argv`.
    fn compared(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, list: List) -> Condition {
        let (bodies, text) = (frame.module.bodies, frame.module.text);
        let &[left, right] = bodies.exprs(list) else { return Condition::Other };
        let whole = bodies.span(id).slice(text);
        if whole.contains("sys.argv") || whole.contains("sys.modules") {
            return match whole {
                _ if whole.contains("test") => Condition::TestRun,
                _ if whole.contains("runserver") => Condition::Name("runserver".to_owned()),
                _ => Condition::Other,
            };
        }
        let operator = between(frame, left, right);
        let is_negated = operator.contains("not") || operator.contains("!=");
        let sides = [(left, right), (right, left)];
        let found = sides.into_iter().find_map(|(subject, object)| {
            let subject_name = match bodies.expr(subject) {
                Expr::Name | Expr::Attr { .. } => {
                    bodies.dotted(subject, text).and_then(|it| it.rsplit('.').next()).map(str::to_owned)
                }
                Expr::Call { .. } | Expr::Subscript { .. } => match &self.eval(frame, subject).value {
                    Value::Env(variable) => Some(variable.name.clone()),
                    _ => None,
                },
                _ => None,
            }?;
            if matches!(bodies.expr(object), Expr::Compare(_) | Expr::Call { .. } | Expr::Bool { .. }) {
                return None;
            }
            let object = self.eval(frame, object);
            let texts: Vec<String> = match &object.value {
                Value::List { items, .. } => items.iter().filter_map(|it| key_of(it)).collect(),
                Value::Text(text) => vec![text.clone()],
                Value::Bool(true) | Value::Int(1) => return Some(Condition::Name(subject_name)),
                Value::Bool(false) | Value::Int(0) | Value::None => {
                    return Some(Condition::Name(subject_name).negated());
                }
                _ => return None,
            };
            let is_truth = |it: &String| as_bool(it) == Some(true);
            if !texts.is_empty() && texts.iter().all(is_truth) {
                return Some(Condition::Name(subject_name));
            }
            (!texts.is_empty()).then_some(Condition::Is(subject_name, texts))
        });
        match found {
            Some(condition) if is_negated => condition.negated(),
            Some(condition) => condition,
            None => Condition::Other,
        }
    }

    /// Evaluates `a or b` and `a and b`.
    pub(super) fn either(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, left: ExprId, right: ExprId) -> Shared<'p> {
        let is_and = is_and(frame, left, right);
        // The left side is evaluated once: a long chain is one inside the other.
        let (test, place) = (self.condition(frame, left, 24), frame.place(left));
        let (left, right) = (self.eval(frame, left), self.eval(frame, right));
        let holds = left.truth();
        let (then, other) = if is_and { (right, left) } else { (left, right) };
        let either = Either { test, holds, place, then, other };
        Setting::shared(Value::Either(either), frame.place(id))
    }

    /// Evaluates a comparison, with the default of a variable.
    pub(super) fn comparison(&mut self, frame: &mut Frame<'m, 'p>, id: ExprId, list: List) -> Shared<'p> {
        let place = frame.place(id);
        let &[left, right] = frame.module.bodies.exprs(list) else { return frame.unknown(id) };
        let condition = self.compared(frame, id, list);
        if condition == Condition::TestRun || condition.clone().negated() == Condition::TestRun {
            let side = |value| Setting::shared(Value::Bool(value), place);
            let (then, other) = (side(true), side(false));
            return Setting::shared(Value::Either(Either { test: condition, holds: None, place, then, other }), place);
        }
        let operator = between(frame, left, right).trim();
        let (left, right) = (self.eval(frame, left), self.eval(frame, right));
        let right_value = right.value.clone();
        self.convert(&left, Cast::Bool, place, &|it| compare(&it.value, operator, &right_value).map(Value::Bool))
    }
}

/// Returns whether the sides of a condition are `True` and `False`.
fn is_flag(either: &Either<'_>) -> bool {
    matches!((&either.then.value, &either.other.value), (Value::Bool(true), Value::Bool(false)))
}

/// Returns the text between two expressions, brackets left out.
fn between<'p>(frame: &Frame<'_, 'p>, left: ExprId, right: ExprId) -> &'p str {
    let (start, end) = (frame.module.bodies.span(left).end(), frame.module.bodies.span(right).start());
    let between = frame.module.text.get(start as usize..end.max(start) as usize).unwrap_or("");
    between.trim_matches(|it: char| it.is_whitespace() || matches!(it, '(' | ')' | '\\'))
}

fn is_and(frame: &Frame<'_, '_>, left: ExprId, right: ExprId) -> bool {
    between(frame, left, right).split(|it: char| !it.is_ascii_alphabetic()).any(|word| word == "and")
}

fn compare(left: &Value<'_>, operator: &str, right: &Value<'_>) -> Option<bool> {
    let is_equal = |left: &Value<'_>, right: &Value<'_>| match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left == right),
        (Value::Int(left), Value::Int(right)) => Some(left == right),
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        (Value::None, Value::None) => Some(true),
        (Value::None, Value::Text(_) | Value::Int(_) | Value::Bool(_))
        | (Value::Text(_) | Value::Int(_) | Value::Bool(_), Value::None) => Some(false),
        _ => None,
    };
    let is_in = || match right {
        Value::List { items, is_open: false } => {
            let all: Option<Vec<bool>> = items.iter().map(|it| is_equal(left, &it.value)).collect();
            all.map(|all| all.contains(&true))
        }
        _ => None,
    };
    match operator {
        "==" | "is" => is_equal(left, right),
        "!=" | "is not" => is_equal(left, right).map(|it| !it),
        "in" => is_in(),
        "not in" => is_in().map(|it| !it),
        _ => None,
    }
}

/// Returns what a text says of a switch.
pub(super) fn as_bool(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "on" | "t" | "ok" => Some(true),
        "false" | "0" | "no" | "n" | "off" | "f" | "" | "none" => Some(false),
        _ => None,
    }
}
