//! Managers and the default one.

use super::Project;

const HEAD: &str = "
from functools import partial
from django.db import models
from django.db.models import Manager
from lib import StrangeManager
class OrderQuerySet(models.QuerySet):
    pass
class OrderManager(models.Manager):
    pass
class Paid(models.Manager.from_queryset(OrderQuerySet)):
    pass
Made = OrderManager.from_queryset(OrderQuerySet)
class Deep(Made):
    pass
";

/// Shows the managers of a model, the default one first: name, class, queryset, `?` where something is not known.
fn managers(models: &str, model: &str) -> String {
    let project = Project::new(&[("shop/models.py", &format!("{HEAD}{models}"))]);
    let project = project.model();
    let models = project.models();
    let Some(id) = models.of_label(model) else { return "no model".to_owned() };
    let model = models.get(id);
    let class = |class: Option<crate::project::ClassRef<'_>>| {
        let class = class.and_then(|class| project.python(class.path)?.class(class.id));
        class.map_or("-".to_owned(), |class| class.name.clone())
    };
    let mut shown: Vec<String> = model
        .managers
        .iter()
        .map(|(name, it)| {
            let mark = if it.is_known { "" } else { "?" };
            format!("{name}: {} {}{mark}", class(it.class), class(it.queryset))
        })
        .collect();
    shown.insert(0, model.default_manager.clone());
    shown.join(", ")
}

#[test]
fn every_way_to_make_a_manager_is_read() {
    let models = "
class Order(models.Model):
    plain = Manager()
    own = OrderManager()
    of_set = OrderQuerySet.as_manager()
    both = OrderManager.from_queryset(OrderQuerySet)()
    made = Made()
    base = Paid()
    deep = Deep()
    part = Manager.from_queryset(partial(OrderQuerySet, paid=True))()
    strange = StrangeManager()
";
    let expected = "plain, base: Paid OrderQuerySet, both: OrderManager OrderQuerySet, deep: Deep OrderQuerySet, \
                    made: OrderManager OrderQuerySet, of_set: - OrderQuerySet, own: OrderManager -, part: - OrderQuerySet, \
                    plain: - -, strange: - -?";
    assert_eq!(managers(models, "shop.Order"), expected);
}

#[test]
fn a_model_without_managers_has_objects() {
    assert_eq!(managers("class Order(models.Model):\n    pass\n", "shop.Order"), "objects, objects: - -");
}

#[test]
fn managers_of_bases_are_inherited_and_the_nearest_is_the_default() {
    let models = "
class Base(models.Model):
    objects = OrderManager()
    class Meta:
        abstract = True
class Parent(Base):
    pass
class Order(Parent):
    paid = Paid()
";
    assert_eq!(managers(models, "shop.Parent"), "objects, objects: OrderManager -");
    assert_eq!(managers(models, "shop.Order"), "paid, objects: OrderManager -, paid: Paid OrderQuerySet");
}

#[test]
fn the_default_manager_may_be_named() {
    let models = "
class Order(models.Model):
    objects = OrderManager()
    paid = Paid()
    class Meta:
        default_manager_name = 'paid'
";
    assert_eq!(managers(models, "shop.Order"), "paid, objects: OrderManager -, paid: Paid OrderQuerySet");
}

#[test]
fn a_base_that_is_called_a_model_may_bring_any_manager() {
    let models = "
from lib import BaseModel
class Order(BaseModel):
    title = models.CharField()
";
    assert_eq!(managers(models, "shop.Order"), "objects, objects: - -?");
}

#[test]
fn a_mixin_that_is_not_known_brings_no_manager() {
    let models = "
from lib import Printable
class Order(Printable, models.Model):
    title = models.CharField()
";
    assert_eq!(managers(models, "shop.Order"), "objects, objects: - -");
}
