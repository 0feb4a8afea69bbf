//! Classes as the interpreter asks for them: their order of resolution, their attributes, what they descend from.

use std::rc::Rc;

use super::Engine;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::{Bodies, ExprId};

bitflags::bitflags! {
    /// What frameworks make of a class.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub(crate) struct Kind: u16 {
        const SERIALIZER = 1;
        const MODEL_SERIALIZER = 1 << 1;
        const REST_VIEW = 1 << 2;
        const REST_LIST = 1 << 3;
        const REST_RETRIEVE = 1 << 4;
        const LIST_VIEW = 1 << 5;
        const DETAIL_VIEW = 1 << 6;
        const TEMPLATE_VIEW = 1 << 7;
        const ADMIN = 1 << 8;
        const INLINE = 1 << 9;
        const MANAGER = 1 << 10;
        const QUERYSET = 1 << 11;
        const COMMAND = 1 << 12;
        const FORM = 1 << 13;
        /// Some base is not known at all.
        const STRANGE = 1 << 14;
    }
}

/// A class with all its ancestors in the project, nearest first, and what lies outside.
#[derive(Debug, Default)]
pub(crate) struct Lineage<'p> {
    /// The classes in the order in which attributes are looked up.
    pub(crate) order: Vec<ClassRef<'p>>,
    /// The bases from outside the project.
    pub(crate) external: Vec<String>,
    pub(crate) kind: Kind,
}

/// Returns what a base from outside the project makes of a class.
pub(crate) fn kind_of(external: &str) -> Kind {
    let last = external.rsplit('.').next().unwrap_or(external);
    match last {
        "ModelSerializer" | "HyperlinkedModelSerializer" | "GeoFeatureModelSerializer" => {
            Kind::SERIALIZER | Kind::MODEL_SERIALIZER
        }
        "Serializer" | "BaseSerializer" => Kind::SERIALIZER,
        "ModelViewSet" | "ReadOnlyModelViewSet" => Kind::REST_VIEW | Kind::REST_LIST | Kind::REST_RETRIEVE,
        "ListAPIView" | "ListCreateAPIView" => Kind::REST_VIEW | Kind::REST_LIST,
        "ListModelMixin" => Kind::REST_LIST,
        "RetrieveModelMixin" => Kind::REST_RETRIEVE,
        "RetrieveAPIView" | "RetrieveUpdateAPIView" | "RetrieveDestroyAPIView" | "RetrieveUpdateDestroyAPIView" => {
            Kind::REST_VIEW | Kind::REST_RETRIEVE
        }
        "GenericViewSet" | "GenericAPIView" | "APIView" | "ViewSet" | "CreateAPIView" | "UpdateAPIView"
        | "DestroyAPIView" => Kind::REST_VIEW,
        "ListView"
        | "BaseListView"
        | "MultipleObjectMixin"
        | "ArchiveIndexView"
        | "YearArchiveView"
        | "MonthArchiveView"
        | "DayArchiveView" => Kind::LIST_VIEW | Kind::TEMPLATE_VIEW,
        "DetailView" | "UpdateView" | "DeleteView" | "BaseDetailView" | "SingleObjectMixin" => {
            Kind::DETAIL_VIEW | Kind::TEMPLATE_VIEW
        }
        "TemplateView" | "FormView" | "CreateView" | "TemplateResponseMixin" | "ContextMixin" => Kind::TEMPLATE_VIEW,
        "ModelAdmin"
        | "GuardedModelAdmin"
        | "ImportExportModelAdmin"
        | "OSMGeoAdmin"
        | "GISModelAdmin"
        | "SimpleHistoryAdmin"
        | "UserAdmin"
        | "GroupAdmin"
        | "DjangoObjectActions"
        | "SortableAdminMixin"
        | "TranslationAdmin"
        | "MPTTModelAdmin"
        | "TreeAdmin"
        | "VersionAdmin" => Kind::ADMIN,
        "TabularInline" | "StackedInline" | "InlineModelAdmin" | "GenericTabularInline" => Kind::INLINE,
        "Manager" | "BaseManager" | "UserManager" | "BaseUserManager" | "TreeManager" => Kind::MANAGER,
        "QuerySet" | "TreeQuerySet" | "MP_NodeQuerySet" => Kind::QUERYSET,
        "BaseCommand" | "LabelCommand" => Kind::COMMAND,
        "Form" | "ModelForm" | "BaseForm" => Kind::FORM,
        "object"
        | "View"
        | "ABC"
        | "Generic"
        | "Protocol"
        | "LoginRequiredMixin"
        | "PermissionRequiredMixin"
        | "UserPassesTestMixin"
        | "AccessMixin"
        | "CreateModelMixin"
        | "UpdateModelMixin"
        | "DestroyModelMixin" => Kind::empty(),
        _ => Kind::STRANGE,
    }
}

impl<'p> Engine<'_, 'p> {
    /// Returns a class with its ancestors.
    pub(crate) fn lineage(&mut self, class: ClassRef<'p>) -> Rc<Lineage<'p>> {
        if let Some(known) = self.lineages.get(&class) {
            return Rc::clone(known);
        }
        let mut lineage = Lineage::default();
        self.collect(class, &mut lineage, 0);
        // An ancestor that is met twice counts where it is met last.
        let mut order: Vec<ClassRef<'p>> = Vec::with_capacity(lineage.order.len());
        for class in lineage.order.iter().rev() {
            if !order.contains(class) {
                order.push(*class);
            }
        }
        order.reverse();
        lineage.order = order;
        let lineage = Rc::new(lineage);
        self.lineages.insert(class, Rc::clone(&lineage));
        lineage
    }

    fn collect(&self, class: ClassRef<'p>, lineage: &mut Lineage<'p>, depth: u32) {
        if depth > 20 || lineage.order.len() > 60 {
            lineage.kind |= Kind::STRANGE;
            return;
        }
        lineage.order.push(class);
        let Some(facts) = self.project.python(class.path).and_then(|facts| facts.class(class.id)) else { return };
        if facts.has_dynamic_bases {
            lineage.kind |= Kind::STRANGE;
        }
        for base in self.project.bases(class) {
            match base {
                Symbol::Class(base) if base != class => self.collect(base, lineage, depth + 1),
                Symbol::External(name) => {
                    lineage.kind |= kind_of(&name);
                    lineage.external.push(name);
                }
                // `BaseManager = Manager.from_queryset(X)` at the top of a module.
                Symbol::Variable(path, name) => {
                    let made = self.made_by(path, &name);
                    match made {
                        Some(queryset) => {
                            lineage.kind |= Kind::MANAGER;
                            self.collect(queryset, lineage, depth + 1);
                        }
                        None => lineage.kind |= Kind::STRANGE,
                    }
                }
                _ => lineage.kind |= Kind::STRANGE,
            }
        }
        for base in &facts.bases {
            if self.project.resolve(class.path, base, facts.range.start()).is_none() {
                lineage.kind |= Kind::STRANGE;
            }
        }
        // `class Orders(Manager.from_queryset(OrderQuerySet)):`
        let (Some(text), Some(bodies)) = (self.text(class.path), self.bodies(class.path)) else { return };
        for arg in bodies.class(class.id).map(|body| bodies.args(body.args)).unwrap_or_default() {
            if let Some(queryset) = self.queryset_behind(class.path, bodies, text, arg.value) {
                lineage.kind |= Kind::MANAGER;
                lineage.kind -= Kind::STRANGE;
                self.collect(queryset, lineage, depth + 1);
            }
        }
    }

    fn made_by(&self, path: &'p arrears_core::source::RelPath, name: &str) -> Option<ClassRef<'p>> {
        let (text, bodies) = (self.text(path)?, self.bodies(path)?);
        let (_, _, value) = bodies.assignments(bodies.top, text).filter(|(it, ..)| *it == name).last()?;
        self.queryset_behind(path, bodies, text, value)
    }

    /// Returns the class in `Manager.from_queryset(class)`.
    fn queryset_behind(
        &self,
        path: &'p arrears_core::source::RelPath,
        bodies: &Bodies,
        text: &str,
        value: ExprId,
    ) -> Option<ClassRef<'p>> {
        let (name, args) = bodies.call(value, text)?;
        if name.rsplit('.').next() != Some("from_queryset") {
            return None;
        }
        let class = bodies.dotted(bodies.positional(args, 0)?, text)?;
        match self.project.resolve(path, class, bodies.span(value).start())? {
            Symbol::Class(class) => Some(class),
            _ => None,
        }
    }

    /// Returns the method of a class, looking at its ancestors in order.
    pub(crate) fn find_method(&mut self, class: ClassRef<'p>, name: &str) -> Option<FunctionRef<'p>> {
        let lineage = self.lineage(class);
        lineage.order.iter().find_map(|class| self.own_method(*class, name))
    }

    /// Returns the method that `super()` in a class finds, for an object of a class below it.
    pub(crate) fn method_above(
        &mut self,
        object: ClassRef<'p>,
        above: ClassRef<'p>,
        name: &str,
    ) -> Option<FunctionRef<'p>> {
        let lineage = self.lineage(object);
        let at = lineage.order.iter().position(|class| *class == above)?;
        lineage.order[at + 1..].iter().find_map(|class| self.own_method(*class, name))
    }

    fn own_method(&self, class: ClassRef<'p>, name: &str) -> Option<FunctionRef<'p>> {
        let id = self.project.python(class.path)?.method(class.id, name)?;
        Some(FunctionRef { path: class.path, id })
    }

    /// Returns the value that a class body gives to a name, looking at the ancestors too: whose body, and what.
    pub(crate) fn class_attribute(&mut self, class: ClassRef<'p>, name: &str) -> Option<(ClassRef<'p>, ExprId)> {
        let lineage = self.lineage(class);
        lineage.order.iter().find_map(|class| Some((*class, self.own_attribute(*class, name)?)))
    }

    /// Returns the value that a class's own body gives to a name.
    pub(crate) fn own_attribute(&self, class: ClassRef<'p>, name: &str) -> Option<ExprId> {
        let (text, bodies) = (self.text(class.path)?, self.bodies(class.path)?);
        let block = bodies.class(class.id)?.block;
        bodies.assignments(block, text).filter(|(it, ..)| *it == name).map(|(.., value)| value).last()
    }
}
