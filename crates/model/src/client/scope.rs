//! What a name stands for at a place.

use std::rc::Rc;

use arrears_core::text::TextRange;

use super::eval::{Around, Eval};
use super::modules::{File, Named};
use super::text;
use super::value::{FileId, Frame, Instance, Param, Value};
use super::{library, value::Closure};
use crate::script::value::{Binding, ExprId, LambdaId, Origin};

/// How many assignments to one name are looked at.
const ASSIGNMENTS: usize = 6;

impl<'p> Eval<'_, 'p> {
    /// Returns what a name stands for at a place.
    pub(super) fn name(&self, file: FileId, name: &'p str, at: TextRange, around: Around<'_>) -> Value {
        let Some(module) = self.file(file) else { return Value::unknown(name) };
        let bindings = module.bindings(name);
        if !bindings.is_empty() {
            let mut frame = around;
            while let Some(inner) = frame {
                if inner.file == file && inner.lambda.is_some() {
                    let declared = innermost(module, bindings, inner.lambda, at);
                    if let Some(declared) = declared {
                        return self.bound(file, declared, bindings, at, Some(inner));
                    }
                }
                frame = inner.parent.as_ref();
            }
            if let Some(declared) = innermost(module, bindings, None, at) {
                return self.top(file, declared, bindings, at);
            }
        }
        match module.imported(name) {
            Some(_) => self.named(self.modules.imported(file, name), name),
            None => library::global(name),
        }
    }

    /// A name of the module has one value for all who ask.
    fn top(&self, file: FileId, declared: usize, bindings: &[usize], at: TextRange) -> Value {
        if let Some(known) = self.tops.borrow().get(&(file, declared)) {
            return known.clone();
        }
        let value = self.bound(file, declared, bindings, at, None);
        if !self.is_exhausted() {
            self.tops.borrow_mut().insert((file, declared), value.clone());
        }
        value
    }

    fn bound(&self, file: FileId, declared: usize, bindings: &[usize], at: TextRange, around: Around<'_>) -> Value {
        let key = (file, declared, around.map_or(0, |frame| Rc::as_ptr(frame) as usize));
        if let Some(so_far) = self.busy.borrow().get(&key) {
            return so_far.clone();
        }
        let hint = self.file(file).and_then(|it| Some(it.values.bindings.get(declared)?.name.slice(it.text)));
        self.busy.borrow_mut().insert(key, Value::unknown(hint.unwrap_or("")));
        let value = self.bound_now(file, declared, bindings, at, around, key);
        self.busy.borrow_mut().remove(&key);
        value
    }

    fn bound_now(
        &self,
        file: FileId,
        declared: usize,
        bindings: &[usize],
        at: TextRange,
        around: Around<'_>,
        key: (FileId, usize, usize),
    ) -> Value {
        let Some(module) = self.file(file) else { return Value::unknown("") };
        let Some(binding) = module.values.bindings.get(declared) else { return Value::unknown("") };
        let first = self.deeper(|| self.origin(file, binding, around)).unwrap_or_else(|| Value::unknown(""));
        let later = bindings.iter().filter_map(|it| module.values.bindings.get(*it)).filter(|it| {
            let is_before = it.name.start() < at.start() || it.owner != binding.owner || around.is_none();
            !it.declares && binding.block.contains(it.block) && is_before
        });
        let mut values = vec![first];
        let mut is_replaced = false;
        for assignment in later.take(ASSIGNMENTS) {
            self.busy.borrow_mut().insert(key, Value::any(values.clone()));
            match assignment.origin {
                Origin::Appended(value) => {
                    let added = self.eval(file, value, around);
                    let before = Value::any(values.clone());
                    values.push(text::joined([before, added].into_iter()));
                }
                Origin::Value(value) => {
                    let frame = self.frame_at(file, assignment.owner, around);
                    values.push(self.eval(file, value, frame.as_ref()));
                    is_replaced = true;
                }
                _ => values.push(Value::unknown("")),
            }
        }
        if is_replaced && values.len() > 1 {
            values.retain(|it| !matches!(it, Value::Nothing) && it.plain().is_none_or(|text| !text.is_empty()));
            values.retain(|it| !matches!(it, Value::Unknown(_)));
        }
        match Value::any(values) {
            Value::Unknown(hint) if hint.is_empty() => Value::unknown(binding.name.slice(module.text)),
            value => value,
        }
    }

    fn origin(&self, file: FileId, binding: &Binding, around: Around<'_>) -> Value {
        let Some(module) = self.file(file) else { return Value::unknown("") };
        let or_default = |value: Value, default: Option<ExprId>| match (&value, default) {
            (Value::Nothing, Some(default)) => self.eval(file, default, around),
            _ => value,
        };
        match binding.origin {
            Origin::Value(value) => self.eval(file, value, around),
            Origin::Part { key, .. } if key.is_empty() => Value::unknown(""),
            Origin::Part { of, key, default } => {
                let whole = self.eval(file, of, around);
                or_default(self.member(&whole, key.slice(module.text)), default)
            }
            Origin::Param { index, key, default } => {
                let whole = self.argument(file, index, binding, around);
                if key.is_empty() {
                    return whole;
                }
                let whole = match whole {
                    Value::Nothing => match self.param_default(file, index, around) {
                        Some(value) => value,
                        None => Value::Nothing,
                    },
                    given => given,
                };
                or_default(self.member(&whole, key.slice(module.text)), default)
            }
            Origin::Lambda(id) => Value::Function(Rc::new(Closure { file, id, frame: around.cloned(), this: None })),
            Origin::Class(id) => Value::Class(file, id),
            Origin::Appended(_) | Origin::Unknown => Value::unknown(""),
        }
    }

    fn param_default(&self, file: FileId, index: u32, around: Around<'_>) -> Option<Value> {
        let (values, _) = self.values(file)?;
        let lambda = values.lambda(around?.lambda?)?;
        let default = lambda.params.get(index as usize)?.default?;
        Some(self.eval(file, default, around))
    }

    /// Returns what a function was given for a parameter.
    fn argument(&self, file: FileId, index: u32, binding: &Binding, around: Around<'_>) -> Value {
        let (Some(module), Some(frame)) = (self.file(file), around) else { return Value::unknown("") };
        let name = binding.name.slice(module.text);
        let Some(id) = frame.lambda else { return Value::unknown(name) };
        let param = module.values.lambda(id).and_then(|it| it.params.get(index as usize));
        if let Some(param) = param
            && let Some(client) = library::of_type(param.kind.slice(module.text))
        {
            return client;
        }
        match (&frame.args, param) {
            (Some(_), Some(param)) if param.is_rest => Value::unknown(name),
            (Some(args), Some(param)) => match (args.get(index as usize), param.default) {
                (None | Some(Value::Nothing), Some(default)) => self.eval(file, default, around),
                (None, None) => Value::Nothing,
                (Some(value), _) => match value {
                    Value::Unknown(hint) if hint.is_empty() => Value::unknown(name),
                    value => value.clone(),
                },
            },
            _ => Value::Param(Rc::new(Param { file, lambda: id, index, path: Vec::new(), name: Rc::from(name) })),
        }
    }

    /// Returns what a module exports under a name.
    pub(super) fn exported(&self, file: FileId, name: &'p str) -> Value {
        match self.modules.export(file, name) {
            Named::Missing => self.unlisted(file, name),
            found => self.named(found, name),
        }
    }

    fn named(&self, named: Named<'p>, hint: &str) -> Value {
        let followed = self.deeper(|| match named {
            Named::Local(at, "") => {
                let default = self.values(at).and_then(|(values, _)| values.default_export);
                default.map_or_else(|| Value::unknown(hint), |expr| self.eval(at, expr, None))
            }
            Named::Local(at, local) => self.name(at, local, TextRange::new(u32::MAX, u32::MAX), None),
            Named::Module(at) => Value::Module(at),
            Named::Package(module, name) => library::foreign(&module, if name == "*" { "" } else { name }),
            Named::Missing => Value::unknown(hint),
        });
        followed.unwrap_or_else(|| Value::unknown(hint))
    }

    /// Returns the expression that a name of a module is bound to, here or where it is imported from.
    pub(super) fn definition(&self, file: FileId, name: &'p str) -> Option<(FileId, ExprId)> {
        let module = self.file(file)?;
        let bound = |module: &File<'p>, name: &str| {
            let own = module.bindings(name).iter().filter_map(|it| module.values.bindings.get(*it));
            own.filter(|it| it.owner.is_none() && it.declares).find_map(|it| match it.origin {
                Origin::Value(expr) => Some(expr),
                _ => None,
            })
        };
        if let Some(expr) = bound(module, name) {
            return Some((file, expr));
        }
        module.imported(name)?;
        match self.modules.imported(file, name) {
            Named::Local(at, "") => Some((at, self.file(at)?.values.default_export?)),
            Named::Local(at, local) => Some((at, bound(self.file(at)?, local)?)),
            Named::Module(_) | Named::Package(..) | Named::Missing => None,
        }
    }

    /// `module.exports = …`
    fn unlisted(&self, file: FileId, name: &'p str) -> Value {
        let Some((values, _)) = self.values(file) else { return Value::unknown(name) };
        let Some(expr) = values.default_export else { return Value::unknown(name) };
        let whole = self.eval(file, expr, None);
        if name == "default" { whole } else { self.member(&whole, name) }
    }

    /// Returns what a module passes on with `export *`.
    pub(super) fn starred(&self, file: FileId, name: &str) -> Value {
        let Some(module) = self.file(file) else { return Value::unknown(name) };
        for export in module.facts.exports.iter().filter(|it| it.name == "*") {
            let Some(specifier) = export.module.as_deref() else { continue };
            if let Named::Module(next) = self.modules.resolve(file, specifier) {
                let found = self.member(&Value::Module(next), name);
                if !matches!(found, Value::Unknown(_)) {
                    return found;
                }
            }
        }
        Value::unknown(name)
    }

    /// Returns the function around a place as it is when nobody calls it, inside one that is at work.
    pub(super) fn frame_at(&self, file: FileId, owner: Option<LambdaId>, around: Around<'_>) -> Option<Rc<Frame>> {
        let id = owner?;
        let mut at = around;
        while let Some(frame) = at {
            if frame.file == file && frame.lambda == Some(id) {
                return Some(frame.clone());
            }
            at = frame.parent.as_ref();
        }
        let module = self.file(file)?;
        let mut chain: Vec<LambdaId> = Vec::new();
        let mut parent = None;
        'outer: for id in module.owners(Some(id)).take(40) {
            let mut at = around;
            while let Some(frame) = at {
                if frame.file == file && frame.lambda == Some(id) {
                    parent = Some(frame.clone());
                    break 'outer;
                }
                at = frame.parent.as_ref();
            }
            chain.push(id);
        }
        for id in chain.into_iter().rev() {
            parent = Some(match (&parent, self.frames.borrow().get(&(file, id)).cloned()) {
                (_, Some(known)) if around.is_none() => known,
                (before, _) => Rc::new(Frame {
                    file,
                    lambda: Some(id),
                    args: None,
                    this: self.lambda_class_this(file, id, before.as_ref()),
                    parent: before.clone(),
                }),
            });
            if let (Some(frame), None) = (&parent, around) {
                self.frames.borrow_mut().insert((file, id), frame.clone());
            }
        }
        parent
    }

    /// Returns `this` of a method that nobody calls.
    pub(super) fn lambda_class_this(&self, file: FileId, id: LambdaId, around: Around<'_>) -> Option<Value> {
        let (values, _) = self.values(file)?;
        let class = values.lambda(id)?.class?;
        if let Some(this) =
            around.and_then(|frame| frame.this.clone()).filter(|_| around.is_some_and(|it| it.lambda.is_none()))
        {
            return Some(this);
        }
        let members = &values.class(class)?.members;
        let is_static =
            members.iter().any(|it| it.is_static && values.expr(it.value) == crate::script::value::Expr::Lambda(id));
        if is_static {
            return Some(Value::Class(file, class));
        }
        Some(Value::Instance(Rc::new(Instance { file, class, args: None })))
    }
}

/// Returns the declaration of a name that holds at a place, among those of one function.
fn innermost(module: &File<'_>, bindings: &[usize], owner: Option<LambdaId>, at: TextRange) -> Option<usize> {
    let of = |it: &usize| module.values.bindings.get(*it).filter(|binding| binding.owner == owner);
    let holds = |binding: &Binding| binding.block.contains(at) || at.start() == u32::MAX;
    let declared = bindings.iter().filter(|it| of(it).is_some_and(|binding| binding.declares && holds(binding)));
    // The last one of the innermost block.
    declared.min_by_key(|it| of(it).map_or(u32::MAX, |binding| binding.block.len())).copied().or_else(|| {
        let assigned = bindings.iter().find(|it| of(it).is_some_and(|binding| !binding.declares));
        assigned.filter(|_| owner.is_none()).copied()
    })
}
