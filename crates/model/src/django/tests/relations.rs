//! Relations, their targets and their reverse names.

use super::names;

const HEAD: &str = "from django.conf import settings\nfrom django.db import models\n";

/// A project of one app, `shop`, whose models follow the usual imports.
fn shop(models: &str, asked: &[&str]) -> Vec<String> {
    names(&[("shop/models.py", &format!("{HEAD}{models}"))], asked)
}

#[test]
fn relations_have_default_reverse_names() {
    let models = "
class Customer(models.Model):
    name = models.CharField(max_length=9)
class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    tags = models.ManyToManyField('Tag')
class Tag(models.Model):
    pass
class Invoice(models.Model):
    order = models.OneToOneField('shop.order', on_delete=models.CASCADE)
";
    let asked = [
        "shop.Customer.name",
        "shop.Order.customer",
        "shop.Customer.order_set",
        "shop.Customer?order",
        "shop.Customer.order",
        "shop.Tag.order_set",
        "shop.Tag?order",
        "shop.Order.invoice",
        "shop.Order?invoice",
    ];
    let expected = [
        "CharField",
        "ForeignKey shop.Customer",
        "ReverseForeignKey shop.Order",
        "ReverseForeignKey shop.Order",
        "nothing",
        "ReverseManyToMany shop.Order",
        "ReverseManyToMany shop.Order",
        "ReverseOneToOne shop.Invoice",
        "ReverseOneToOne shop.Invoice",
    ];
    assert_eq!(shop(models, &asked), expected);
}

#[test]
fn related_names_are_taken_for_attributes_and_look_ups() {
    let models = "
class Customer(models.Model):
    pass
class Order(models.Model):
    payer = models.ForeignKey(to=Customer, related_name='paid', on_delete=models.CASCADE)
    owner = models.ForeignKey(Customer, related_name='owned', related_query_name='own', on_delete=models.CASCADE)
    clerk = models.ForeignKey(Customer, related_name='+', on_delete=models.CASCADE)
";
    let asked = [
        "shop.Customer.paid",
        "shop.Customer?paid",
        "shop.Customer.owned",
        "shop.Customer?own",
        "shop.Customer?owned",
        "shop.Customer.order_set",
        "shop.Customer?order",
    ];
    let order = "ReverseForeignKey shop.Order";
    assert_eq!(shop(models, &asked), [order, order, order, order, "nothing", "nothing", "nothing"]);
}

#[test]
fn a_default_related_name_holds_for_all_relations() {
    let models = "
class Customer(models.Model):
    pass
class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    class Meta:
        default_related_name = '%(app_label)s_%(class)ss'
";
    assert_eq!(
        shop(models, &["shop.Customer.shop_orders", "shop.Customer.order_set"]),
        ["ReverseForeignKey shop.Order", "nothing"]
    );
}

#[test]
fn keys_have_columns_and_every_model_has_a_primary_key() {
    let models = "
class Customer(models.Model):
    code = models.CharField(primary_key=True)
class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
";
    let asked = [
        "shop.Order.customer_id",
        "shop.Order?customer_id",
        "shop.Order.id",
        "shop.Order?pk",
        "shop.Customer.id",
        "shop.Customer.pk",
    ];
    let expected = ["ForeignKey", "ForeignKey", "AutoField", "AutoField", "nothing", "AutoField"];
    assert_eq!(shop(models, &asked), expected);
}

#[test]
fn a_relation_with_itself_has_a_reverse_name_unless_it_is_mutual() {
    let models = "
class Person(models.Model):
    boss = models.ForeignKey('self', null=True, related_name='staff', on_delete=models.CASCADE)
    friends = models.ManyToManyField('self')
    idols = models.ManyToManyField('self', symmetrical=False, related_name='fans')
";
    let asked =
        ["shop.Person.boss", "shop.Person.staff", "shop.Person.friends", "shop.Person.person_set", "shop.Person.fans"];
    let expected = [
        "ForeignKey shop.Person",
        "ReverseForeignKey shop.Person",
        "ManyToMany shop.Person",
        "nothing",
        "ReverseManyToMany shop.Person",
    ];
    assert_eq!(shop(models, &asked), expected);
}

#[test]
fn the_user_model_is_that_of_the_settings() {
    let files = [
        ("conf/settings.py", "AUTH_USER_MODEL = 'people.Person'\n"),
        (
            "people/models.py",
            "from django.contrib.auth.models import AbstractUser\nclass Person(AbstractUser):\n    pass\n",
        ),
        (
            "shop/models.py",
            "from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
User = get_user_model()
class Order(models.Model):
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, related_name='+', on_delete=models.CASCADE)
    owner = models.ForeignKey(User, related_name='+', on_delete=models.CASCADE)
    clerk = models.ForeignKey(get_user_model(), related_name='handled', on_delete=models.CASCADE)
",
        ),
    ];
    let asked = [
        "shop.Order.payer",
        "shop.Order.owner",
        "shop.Order.clerk",
        "people.Person.handled",
        "people.Person.username",
        "auth.Group.user_set",
        "auth.Group?user",
    ];
    let person = "ForeignKey people.Person";
    let expected = [
        person,
        person,
        person,
        "ReverseForeignKey shop.Order",
        "CharField",
        "ReverseManyToMany people.Person",
        "ReverseManyToMany people.Person",
    ];
    assert_eq!(names(&files, &asked), expected);
}

#[test]
fn without_a_setting_the_user_is_the_one_of_django() {
    let models = "
class Order(models.Model):
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
";
    assert_eq!(
        shop(models, &["shop.Order.payer", "auth.User.order_set"]),
        ["ForeignKey auth.User", "ReverseForeignKey shop.Order"]
    );
}

#[test]
fn a_setting_may_name_a_model() {
    let files = [
        ("conf/settings.py", "SHOP_BASKET_MODEL = 'shop.Basket'\n"),
        ("shop/models.py", &format!("{HEAD}
class Basket(models.Model):
    pass
class Order(models.Model):
    basket = models.ForeignKey(settings.SHOP_BASKET_MODEL, on_delete=models.CASCADE)
    other = models.ForeignKey(settings.SHOP_OTHER_MODEL, on_delete=models.CASCADE)
    third = models.ForeignKey(getattr(settings, 'SHOP_THIRD', 'shop.Basket'), related_name='+', on_delete=models.CASCADE)
")),
    ];
    assert_eq!(
        names(&files, &["shop.Order.basket", "shop.Order.other", "shop.Order.third"]),
        ["ForeignKey shop.Basket", "ForeignKey ?", "ForeignKey shop.Basket"]
    );
}

#[test]
fn a_bare_name_means_the_own_app_then_the_import_then_the_only_one() {
    let other = format!("{HEAD}class Item(models.Model):\n    pass\nclass Box(models.Model):\n    pass\n");
    let third = format!("{HEAD}class Item(models.Model):\n    pass\nclass Bag(models.Model):\n    pass\n");
    let files = [
        ("stock/models.py", other.as_str()),
        ("depot/models.py", third.as_str()),
        (
            "shop/models.py",
            &format!(
                "{HEAD}
class Item(models.Model):
    pass
class Order(models.Model):
    item = models.ForeignKey('Item', on_delete=models.CASCADE)
    box = models.ForeignKey('Box', on_delete=models.CASCADE)
"
            ),
        ),
        (
            "cart/models.py",
            &format!(
                "{HEAD}from stock.models import Item
class Cart(models.Model):
    item = models.ForeignKey('Item', on_delete=models.CASCADE)
"
            ),
        ),
        (
            "wish/models.py",
            &format!(
                "{HEAD}
class Wish(models.Model):
    item = models.ForeignKey('Item', on_delete=models.CASCADE)
"
            ),
        ),
    ];
    let asked = ["shop.Order.item", "shop.Order.box", "cart.Cart.item", "wish.Wish.item"];
    assert_eq!(
        names(&files, &asked),
        ["ForeignKey shop.Item", "ForeignKey stock.Box", "ForeignKey stock.Item", "ForeignKey ?"]
    );
}

#[test]
fn models_are_found_through_a_package_of_models() {
    let files = [
        ("shop/__init__.py", ""),
        ("shop/models/__init__.py", "from .order import *\nfrom .customer import Customer as Buyer\n"),
        ("shop/models/customer.py", &format!("{HEAD}class Customer(models.Model):\n    pass\n")),
        (
            "shop/models/order.py",
            &format!(
                "{HEAD}from shop import models as shop_models
from .customer import Customer
class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
"
            ),
        ),
        (
            "post/models.py",
            &format!(
                "{HEAD}from shop.models import Buyer, Order
class Parcel(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    to = models.ForeignKey(Buyer, on_delete=models.CASCADE)
"
            ),
        ),
    ];
    let asked = ["shop.Order.customer", "post.Parcel.order", "post.Parcel.to"];
    assert_eq!(
        names(&files, &asked),
        ["ForeignKey shop.Customer", "ForeignKey shop.Order", "ForeignKey shop.Customer"]
    );
}

#[test]
fn field_classes_of_the_project_are_what_they_descend_from() {
    let files = [
        (
            "shop/fields.py",
            "from functools import partial
from django.conf import settings
from django.db import models
class OwnerField(models.ForeignKey):
    def __init__(self, **kwargs):
        kwargs.setdefault('to', settings.AUTH_USER_MODEL)
        super().__init__(**kwargs)
class Upper(models.CharField):
    pass
Cascade = partial(models.ForeignKey, on_delete=models.CASCADE)
def link(to):
    return models.ForeignKey(to, null=True, on_delete=models.CASCADE)
",
        ),
        (
            "shop/models.py",
            &format!(
                "{HEAD}from .fields import Cascade, OwnerField, Upper, link
from somewhere import PriceField, FancyForeignKey, ForeignKeyRegistry
class Tag(models.Model):
    pass
class Order(models.Model):
    owner = OwnerField(on_delete=models.CASCADE)
    code = Upper()
    tag = Cascade('Tag')
    other = link(Tag)
    price = PriceField()
    fancy = FancyForeignKey('Tag', related_name='+')
    text: str = models.TextField()
"
            ),
        ),
    ];
    let asked = [
        "shop.Order.owner",
        "shop.Order.code",
        "shop.Order.tag",
        "shop.Order.other",
        "shop.Order.price",
        "shop.Order.fancy",
        "shop.Order.text",
    ];
    let expected = [
        "ForeignKey auth.User",
        "CharField",
        "ForeignKey shop.Tag",
        "ForeignKey shop.Tag",
        "PriceField",
        "ForeignKey shop.Tag",
        "TextField",
    ];
    assert_eq!(names(&files, &asked), expected);
}

#[test]
fn generic_relations_and_tags_have_their_kinds() {
    let models = "
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from taggit.managers import TaggableManager
class Note(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveIntegerField()
    about = GenericForeignKey('content_type', 'object_id')
class Order(models.Model):
    notes = GenericRelation(Note, related_query_name='orders')
    tags = TaggableManager()
";
    let asked = [
        "shop.Note.about",
        "shop.Note?about",
        "shop.Note.content_type",
        "shop.Order.notes",
        "shop.Note?orders",
        "shop.Note.orders",
        "shop.Order.tags",
        "taggit.Tag?order",
    ];
    let expected = [
        "GenericForeignKey ?",
        "nothing",
        "ForeignKey contenttypes.ContentType",
        "GenericRelation shop.Note",
        "ReverseForeignKey shop.Order",
        "nothing",
        "ManyToMany taggit.Tag",
        "ReverseManyToMany shop.Order",
    ];
    assert_eq!(shop(models, &asked), expected);
}

#[test]
fn two_models_of_one_label_are_none() {
    let one = format!("{HEAD}class Order(models.Model):\n    class Meta:\n        app_label = 'shop'\n");
    let two = format!(
        "{HEAD}class Line(models.Model):\n    order = models.ForeignKey('shop.Order', on_delete=models.CASCADE)\n"
    );
    let files = [("a/models.py", one.as_str()), ("b/models.py", one.as_str()), ("c/models.py", two.as_str())];
    assert_eq!(names(&files, &["shop.Order.id", "c.Line.order"]), ["no model", "ForeignKey ?"]);
}

#[test]
fn labels_come_from_configurations_of_applications() {
    let order = format!("{HEAD}class Order(models.Model):\n    pass\n");
    let config = "from django.apps import AppConfig\nclass ShopConfig(AppConfig):\n    name = 'core.shop'\n    label = 'store'\n";
    let files = [
        ("core/__init__.py", ""),
        ("core/shop/__init__.py", ""),
        ("core/shop/apps.py", config),
        ("core/shop/data/models.py", order.as_str()),
        ("conf/settings.py", "INSTALLED_APPS = ['core.shop']\n"),
        ("core/post/models.py", order.as_str()),
    ];
    assert_eq!(
        names(&files, &["store.Order.id", "post.Order.id", "data.Order.id"]),
        ["AutoField", "AutoField", "no model"]
    );
}
