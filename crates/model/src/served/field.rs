//! One field of a serializer: declared in its body, or implied by a name in `Meta.fields`.

use super::annotation::returned;
use super::column::{self, Reached, key_of, kind, method, reach};
use super::setting::Settings;
use super::stated::{Declared, Stated, entry, order_of};
use super::{Column, Kind, ServedField};
use crate::django::lineage::Lineage;
use crate::django::module::Module;
use crate::django::{Field, FieldKind, ModelId, Models};
use crate::flow::Place;
use crate::flow::class::Kind as Base;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::body::{Expr, List};

/// How many keys are followed to know what one is.
const KEYS: u32 = 8;
/// How deep fields lie in fields: `ListField(child=…)`.
const DEPTH: u32 = 6;

/// A serializer whose fields are read.
pub(super) struct Reader<'a, 'p> {
    pub(super) project: &'a ProjectModel<'p>,
    pub(super) models: &'a Models<'p>,
    pub(super) settings: Settings,
    pub(super) order: &'a [ClassRef<'p>],
    pub(super) stated: &'a Stated<'a, 'p>,
    pub(super) model: Option<ModelId>,
}

/// What is called to make a field.
enum Callee<'p> {
    Serializer(ClassRef<'p>),
    /// A field class of the framework, or one of the project that changes nothing that is sent.
    Plain(String),
    Unknown,
}

/// The call that makes a field.
#[derive(Clone, Copy)]
struct Call<'a, 'p> {
    module: Module<'a, 'p>,
    args: List,
}

impl Call<'_, '_> {
    fn is_true(self, name: &str) -> bool {
        self.module.keyword(self.args, name).is_some_and(|id| self.module.bodies.expr(id) == Expr::True)
    }
}

impl<'p> Reader<'_, 'p> {
    /// Reads a declared field; none is sent where it is only written.
    pub(super) fn declared(&self, declared: &Declared<'p>) -> Option<ServedField<'p>> {
        let module = Module::of(self.project, declared.class.path)?;
        let Expr::Call { function, args } = module.bodies.expr(declared.value) else { return None };
        let call = Call { module, args };
        if call.is_true("write_only") {
            return None;
        }
        let mut field = ServedField {
            name: declared.name.to_owned(),
            kind: Kind::Unknown,
            is_nullable: false,
            is_optional: false,
            place: declared.place,
            column: None,
        };
        let source = match module.keyword(args, "source") {
            Some(id) => module.string(id),
            None => Some(declared.name),
        };
        let callee = self.callee(module, function, DEPTH);
        if matches!(&callee, Callee::Plain(name) if name == "HiddenField") {
            return None;
        }
        let reached = match (self.model, source) {
            (Some(model), Some(source)) if source != "*" => reach(self.project, self.models, model, source),
            _ => None,
        };
        field.kind = self.declared_kind(&callee, call, declared.name, reached.as_ref());
        if call.is_true("many") && !matches!(field.kind, Kind::Unknown) {
            field.kind = Kind::List(Box::new(field.kind));
        }
        let is_method = matches!(&callee, Callee::Plain(name) if name == "SerializerMethodField");
        if is_method {
            field.is_nullable = self.method(call, declared.name).is_some_and(|(_, may_be_none)| may_be_none);
        } else {
            self.mark_null(&mut field, call, reached.as_ref());
        }
        Some(field)
    }

    /// What may be missing on the way to a value, or be `null` there.
    fn mark_null(&self, field: &mut ServedField<'p>, call: Call<'_, 'p>, reached: Option<&Reached<'_, 'p>>) {
        let allows = call.is_true("allow_null");
        let has_default = call.module.keyword(call.args, "default").is_some();
        let Some(reached) = reached else {
            field.is_nullable = allows && !has_default;
            return;
        };
        if reached.has_gap {
            (field.is_nullable, field.is_optional) = (allows && !has_default, true);
            return;
        }
        let Some(own) = reached.field else {
            field.is_nullable = allows;
            return;
        };
        field.column = self.column(reached.model, own.name.as_str());
        field.is_nullable = own.null && !own.kind.is_many() && own.kind != FieldKind::ReverseOneToOne;
        field.is_optional = own.kind == FieldKind::ReverseOneToOne;
    }

    fn declared_kind(
        &self,
        callee: &Callee<'p>,
        call: Call<'_, 'p>,
        name: &str,
        reached: Option<&Reached<'_, 'p>>,
    ) -> Kind<'p> {
        let of_model = || match reached {
            Some(Reached { model, field: Some(field), .. }) => self.kind_of(*model, field),
            Some(Reached { function: Some(function), .. }) => returned(self.project, *function).0,
            _ => Kind::Unknown,
        };
        match callee {
            Callee::Unknown => Kind::Unknown,
            Callee::Serializer(class) => Kind::Object(*class),
            Callee::Plain(class) => match class.as_str() {
                "SerializerMethodField" => self.method(call, name).map_or(Kind::Unknown, |(kind, _)| kind),
                "ReadOnlyField" | "ModelField" => of_model(),
                "PrimaryKeyRelatedField" => match reached.and_then(|it| Some((it.model, it.field?))) {
                    _ if call.module.keyword(call.args, "pk_field").is_some() => Kind::Unknown,
                    Some((model, field)) if field.kind == FieldKind::Column => self.kind_of(model, field),
                    // `many=True` is seen to by the caller.
                    Some((_, field)) => field.target.map_or(Kind::Unknown, |it| key_of(self.models, it, KEYS)),
                    None => Kind::Unknown,
                },
                "SlugRelatedField" => self.slug(call, reached).unwrap_or(Kind::Unknown),
                "HyperlinkedRelatedField" => Kind::Text,
                "ListField" => Kind::List(Box::new(self.child(call, DEPTH))),
                "ChoiceField" => self.choices(call),
                class => self.plain(class, call),
            },
        }
    }

    /// A field class whose name says what it sends, unless its arguments say otherwise.
    fn plain(&self, class: &str, call: Call<'_, 'p>) -> Kind<'p> {
        let keyword = |name: &str| call.module.keyword(call.args, name);
        let decimals = match keyword("coerce_to_string").map(|id| call.module.bodies.expr(id)) {
            Some(Expr::False) => false,
            Some(Expr::True) => true,
            Some(_) if class == "DecimalField" => return Kind::Unknown,
            _ => self.settings.decimals_are_text,
        };
        let format = keyword("format").map(|id| call.module.bodies.expr(id));
        // `UUIDField(format="int")`, `DateTimeField(format=None)` and the like.
        if format.is_some_and(|it| !matches!(it, Expr::Str(_))) || class == "UUIDField" && format.is_some() {
            return Kind::Unknown;
        }
        column::declared(class, decimals).unwrap_or(Kind::Unknown)
    }

    fn child(&self, call: Call<'_, 'p>, depth: u32) -> Kind<'p> {
        let (Some(depth), Some(child)) = (depth.checked_sub(1), call.module.keyword(call.args, "child")) else {
            return Kind::Unknown;
        };
        let Expr::Call { function, args } = call.module.bodies.expr(child) else { return Kind::Unknown };
        let call = Call { args, ..call };
        match self.callee(call.module, function, depth) {
            Callee::Serializer(class) => Kind::Object(class),
            Callee::Plain(class) if class == "ListField" => Kind::List(Box::new(self.child(call, depth))),
            Callee::Plain(class) => self.plain(&class, call),
            Callee::Unknown => Kind::Unknown,
        }
    }

    /// A choice is sent as it is written, where all are strings.
    fn choices(&self, call: Call<'_, 'p>) -> Kind<'p> {
        let given = call.module.keyword(call.args, "choices").or_else(|| call.module.bodies.positional(call.args, 0));
        let Some(members) = given.and_then(|id| call.module.bodies.members(id)) else { return Kind::Unknown };
        let is_text = |id: &crate::python::body::ExprId| {
            let value = call.module.bodies.members(*id).and_then(|pair| pair.first()).unwrap_or(id);
            call.module.string(*value).is_some()
        };
        if !members.is_empty() && members.iter().all(is_text) { Kind::Text } else { Kind::Unknown }
    }

    /// `SlugRelatedField(slug_field="code")`: that field of the other row.
    fn slug(&self, call: Call<'_, 'p>, reached: Option<&Reached<'_, 'p>>) -> Option<Kind<'p>> {
        let name = call.module.string(call.module.keyword(call.args, "slug_field")?)?;
        let target = reached?.field?.target?;
        let field = self.models.field(target, name).filter(|field| field.kind == FieldKind::Column)?;
        Some(self.kind_of(target, field))
    }

    /// What the method behind a field returns.
    fn method(&self, call: Call<'_, 'p>, name: &str) -> Option<(Kind<'p>, bool)> {
        let given = call.module.keyword(call.args, "method_name");
        let given = given.or_else(|| call.module.bodies.positional(call.args, 0));
        let name = match given {
            Some(id) => call.module.string(id)?.to_owned(),
            None => format!("get_{name}"),
        };
        Some(returned(self.project, method(self.project, self.order, &name)?))
    }

    fn kind_of(&self, model: ModelId, field: &Field<'p>) -> Kind<'p> {
        let is_key_column = field.kind == FieldKind::Column && is_key_class(&field.column);
        // The column of a foreign key holds the other row's key.
        let key = || field.name.strip_suffix("_id").and_then(|name| self.models.field(model, name));
        let shown = if is_key_column { key() } else { Some(field) };
        shown.map_or(Kind::Unknown, |field| kind(self.models, field, self.settings.decimals_are_text))
    }

    /// Reads a field that only `Meta` names.
    pub(super) fn implied(&self, name: &str, place: Place<'p>) -> Option<ServedField<'p>> {
        if self.stated.is_write_only(name) {
            return None;
        }
        let mut found = ServedField {
            name: name.to_owned(),
            kind: Kind::Unknown,
            is_nullable: false,
            is_optional: false,
            place,
            column: None,
        };
        let Some(model) = self.model else { return Some(found) };
        let extra = self.stated.extra(name);
        let option = |key: &str| extra.and_then(|(module, dict)| Some((module, entry(module, dict, key)?)));
        let source = match option("source") {
            Some((module, id)) => module.string(id),
            None => Some(name),
        };
        let Some(reached) = source.and_then(|source| reach(self.project, self.models, model, source)) else {
            return Some(found);
        };
        if let Some(function) = reached.function {
            (found.kind, found.is_nullable) = returned(self.project, function);
        } else if let Some(field) = reached.field {
            let is_relation = field.kind != FieldKind::Column;
            found.kind = match name {
                "pk" => key_of(self.models, reached.model, KEYS),
                _ if is_relation && self.shows_rows() => Kind::Unknown,
                _ => self.kind_of(reached.model, field),
            };
            if found.kind == Kind::Decimal && option("coerce_to_string").is_some() {
                found.kind = Kind::Unknown;
            }
            found.is_nullable = field.null && !field.kind.is_many() && field.kind != FieldKind::ReverseOneToOne;
            found.is_optional = field.kind == FieldKind::ReverseOneToOne || reached.has_gap;
            found.column = self.column(reached.model, &field.name);
        }
        Some(found)
    }

    /// Returns whether relations are shown as something else than keys.
    fn shows_rows(&self) -> bool {
        self.stated.has_depth() || {
            let external = self.order.first().map(|class| Lineage::of(self.project, *class).external);
            external.into_iter().flatten().any(|base| base.ends_with("HyperlinkedModelSerializer"))
        }
    }

    fn column(&self, model: ModelId, name: &str) -> Option<Column<'p>> {
        let field = self.models.field(model, name)?;
        Some(Column { name: format!("{}.{}", self.models.get(model).name, field.name), place: field.place? })
    }

    fn callee(&self, module: Module<'_, 'p>, function: crate::python::body::ExprId, depth: u32) -> Callee<'p> {
        if depth == 0 {
            return Callee::Unknown;
        }
        match module.symbol(function) {
            Some(Symbol::External(name)) => Callee::Plain(name.rsplit('.').next().unwrap_or(&name).to_owned()),
            Some(Symbol::Class(class)) => self.own(class),
            Some(Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_)) | None => Callee::Unknown,
        }
    }

    /// A class of the project: a serializer, or a field that leaves to its base what is sent.
    fn own(&self, class: ClassRef<'p>) -> Callee<'p> {
        let base = super::find::base_of(self.project, class);
        if base.contains(Base::SERIALIZER) {
            return Callee::Serializer(class);
        }
        let order = order_of(self.project, class);
        let changes = ["to_representation", "get_attribute", "__init__", "__new__", "get_choices"];
        if changes.iter().any(|name| method(self.project, &order, name).is_some()) {
            return Callee::Unknown;
        }
        let external = Lineage::of(self.project, class).external;
        let named = external.iter().map(|it| it.rsplit('.').next().unwrap_or(it));
        named.filter(|it| it.ends_with("Field")).map(str::to_owned).next().map_or(Callee::Unknown, Callee::Plain)
    }
}

fn is_key_class(column: &str) -> bool {
    column.ends_with("ForeignKey") || column.ends_with("OneToOneField") || column.ends_with("ParentalKey")
}
