//! Members of classes and of their instances.

use std::rc::Rc;

use super::eval::Eval;
use super::library;
use super::value::{Closure, FileId, Frame, Instance, Value};
use crate::script::value::{Class, ClassId, Expr, ExprId, Member};

/// How many classes are looked at for a member.
const LEVELS: u32 = 12;

impl Eval<'_, '_> {
    /// Returns the member of an instance, its own before an inherited one.
    pub(super) fn instance_member(&self, instance: &Rc<Instance>, name: &str) -> Value {
        let (mut file, mut id) = (instance.file, instance.class);
        let mut args = instance.args.clone().or_else(|| self.only_args(instance));
        let this = Value::Instance(instance.clone());
        for _ in 0..LEVELS {
            let Some((values, source)) = self.values(file) else { break };
            let Some(class) = values.class(id) else { break };
            let constructor = self.constructor_frame(file, class, args.clone(), &this);
            let own = class.members.iter().filter(|it| !it.is_static && it.name.slice(source) == name);
            let own: Vec<Value> =
                own.take(4).map(|it| self.class_member(file, class, it, &this, constructor.as_ref())).collect();
            let own: Vec<Value> = own.into_iter().filter(|it| !matches!(it, Value::Nothing)).collect();
            if !own.is_empty() {
                return Value::any(own);
            }
            if let Some(value) = self.field_param(file, class, name, constructor.as_ref()) {
                return value;
            }
            let Some(extends) = class.extends else { break };
            args = match (class.super_args, &constructor) {
                (Some(list), Some(frame)) => Some(self.args(file, list, Some(frame))),
                _ => args,
            };
            let owner = self.frame_at(file, class.owner, None);
            match self.eval(file, extends, owner.as_ref()) {
                Value::Class(next_file, next) => (file, id) = (next_file, next),
                _ => break,
            }
        }
        Value::unknown(name)
    }

    /// A class that is made in one place only has what it is given there.
    fn only_args(&self, instance: &Instance) -> Option<Vec<Value>> {
        let (values, source) = self.values(instance.file)?;
        let class = values.class(instance.class)?;
        let name = class.name.slice(source);
        let made = self.made.get_or_init(|| {
            let mut made: rustc_hash::FxHashMap<_, Vec<(FileId, ExprId)>> = rustc_hash::FxHashMap::default();
            for (id, file) in (0..).zip(&self.modules.files) {
                for (expr, kind) in file.values.exprs() {
                    if let Expr::New { class, .. } = kind {
                        made.entry(file.values.span(class).slice(file.text)).or_default().push((id, expr));
                    }
                }
            }
            made
        });
        let &[(file, expr)] = made.get(name)?.as_slice() else { return None };
        let (values, _) = self.values(file)?;
        match values.expr(expr) {
            Expr::New { class: named, args } => {
                let is_same = matches!(self.eval(file, named, None), Value::Class(of, id) if of == instance.file && id == instance.class);
                is_same.then(|| self.args(file, args, None))
            }
            _ => None,
        }
    }

    fn constructor_frame(
        &self,
        file: FileId,
        class: &Class,
        args: Option<Vec<Value>>,
        this: &Value,
    ) -> Option<Rc<Frame>> {
        let parent = self.frame_at(file, class.owner, None);
        let lambda = class.constructor;
        Some(Rc::new(Frame { file, lambda, args, this: Some(this.clone()), parent }))
    }

    fn class_member(
        &self,
        file: FileId,
        class: &Class,
        member: &Member,
        this: &Value,
        constructor: Option<&Rc<Frame>>,
    ) -> Value {
        let frame = match member.set_in {
            Some(function) => self.frame_at(file, Some(function), constructor),
            None => {
                let parent = self.frame_at(file, class.owner, None);
                Some(Rc::new(Frame { file, lambda: None, args: None, this: Some(this.clone()), parent }))
            }
        };
        let value = self.eval(file, member.value, frame.as_ref());
        match value {
            Value::Function(closure) => {
                let this = Some(this.clone());
                let closure = Closure { this, ..Closure::clone(&closure) };
                if member.is_getter { self.result(&closure, Vec::new()) } else { Value::Function(Rc::new(closure)) }
            }
            other => other,
        }
    }

    /// `constructor(private http: HttpClient)`
    fn field_param(&self, file: FileId, class: &Class, name: &str, constructor: Option<&Rc<Frame>>) -> Option<Value> {
        let (values, source) = self.values(file)?;
        let lambda = values.lambda(class.constructor?)?;
        let (index, param) =
            lambda.params.iter().enumerate().find(|(_, it)| it.is_field && it.name.slice(source) == name)?;
        if let Some(client) = library::of_type(param.kind.slice(source)) {
            return Some(client);
        }
        let frame = constructor?;
        let given = frame.args.as_ref().and_then(|args| args.get(index)).cloned();
        Some(match (given, param.default) {
            (Some(value), _) => value,
            (None, Some(default)) => self.eval(file, default, Some(frame)),
            (None, None) => Value::unknown(name),
        })
    }

    /// Returns a member of a class itself.
    pub(super) fn static_member(&self, file: FileId, id: ClassId, name: &str) -> Value {
        let (mut file, mut id) = (file, id);
        let this = Value::Class(file, id);
        for _ in 0..LEVELS {
            let Some((values, source)) = self.values(file) else { break };
            let Some(class) = values.class(id) else { break };
            let own = class.members.iter().find(|it| it.is_static && it.name.slice(source) == name);
            if let Some(member) = own {
                return self.class_member(file, class, member, &this, None);
            }
            let Some(extends) = class.extends else { break };
            let owner = self.frame_at(file, class.owner, None);
            match self.eval(file, extends, owner.as_ref()) {
                Value::Class(next_file, next) => (file, id) = (next_file, next),
                _ => break,
            }
        }
        // `static getInstance()` aside, a class that is used like an object.
        Value::unknown(name)
    }
}
