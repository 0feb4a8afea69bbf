//! Bad input for what follows rows through a project: bounded time, no panic, and no claim where nothing is certain.

use std::fmt::Write;

use arrears_tests::run::{Project, Run};

/// Models that most of the projects share.
const MODELS: &str = "\
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=9)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name='orders')
    parent = models.ForeignKey('self', on_delete=models.CASCADE, related_name='children')
    name = models.CharField(max_length=9)
";

#[test]
fn import_circles_claim_nothing() {
    let project = shop();
    project.write("shop/a.py", "from shop.b import Order\nfrom .b import *\n");
    project.write("shop/b.py", "from shop.a import Order\nfrom .a import *\n");
    project.write("shop/views.py", &format!("from shop.a import Order, Other\n{}", shown("Order.objects.all()")));
    check(&project).claims_nothing();
}

#[test]
fn star_imports_of_forty_modules_of_one_another_claim_nothing() {
    let project = shop();
    let stars = (0..40).fold(String::new(), |all, at| all + &format!("from .m{at} import *\n"));
    for at in 0..40 {
        project.write(&format!("shop/m{at}.py"), &stars);
    }
    project.write("shop/views.py", &format!("from shop.m0 import Order\n{}", shown("Order.objects.all()")));
    project.write("shop/other.py", &format!("from shop.m1 import *\n{}", shown("Unknown.objects.all()")));
    check(&project).claims_nothing();
}

#[test]
fn relation_circles_claim_nothing() {
    let project = Project::empty();
    let model = |name: &str, to: &str| {
        format!("class {name}(models.Model):\n    next = models.ForeignKey('{to}', on_delete=models.CASCADE)\n\n\n")
    };
    let models = ["ABC", "BCA", "CAB"].map(|it| model(&it[..1], &it[1..2])).concat();
    project.write("shop/__init__.py", "");
    project.write("shop/models.py", &format!("from django.db import models\n\n\n{models}"));
    let text = "\
from shop.models import A


def show():
    for a in A.objects.select_related('next__next__next__next'):
        print(a.next.next.next.next.id)


def follow(a):
    while a:
        a = a.next
        follow(a.next.next)
    return a
";
    project.write("shop/views.py", text);
    check(&project).claims_nothing();
}

#[test]
fn self_references_claim_nothing() {
    let project = shop();
    let text = "\
from shop.models import Order


def root(order):
    return order if order.parent_id is None else root(order.parent)


def names(order):
    return [order.name] + [name for child in order.children.all() for name in names(child)]


def roots():
    return [order.parent.parent.name for order in Order.objects.select_related('parent__parent')]
";
    project.write("shop/views.py", text);
    check(&project).claims_nothing();
}

#[test]
fn a_model_defined_twice_claims_nothing() {
    let project = shop();
    let twice = "\
from django.db import models

try:
    class Order(models.Model):
        customer = models.ForeignKey('shop.Customer', on_delete=models.CASCADE)
        other = models.CharField(max_length=9)
except ImportError:
    class Order(models.Model):
        customer = models.CharField(max_length=9)


class Order(models.Model):
    customer = models.CharField(max_length=9)
";
    let key = "models.ForeignKey('shop.Customer', on_delete=models.CASCADE)";
    let text = "models.CharField(max_length=9)";
    let swapped = twice.replace(key, "KEY").replace(text, key).replace("KEY", text);
    for models in [twice, &swapped] {
        project.write("shop/models.py", models);
        project.write("shop/other.py", &MODELS.replace("class Order", "class Other"));
        project.write("shop/views.py", &format!("from shop.models import Order\n{}", shown("Order.objects.all()")));
        check(&project).claims_nothing();
    }
}

#[test]
fn two_apps_of_one_label_claim_nothing() {
    let project = two_shops();
    let text = "\
from django.apps import apps
from west.shop.models import Order


def named():
    for order in apps.get_model('shop', 'Order').objects.select_related('town').order_by('city'):
        print(order.customer.name, order.customer.city.name)


def imported():
    for order in Order.objects.select_related('customer'):
        print(order.customer.city.name)
";
    project.write("views.py", text);
    check(&project).claims_nothing();
}

#[test]
fn recursive_includes_and_templates_claim_nothing() {
    let project = shop();
    let templates = [
        ("own", "{% include 'own.html' %}{{ order.customer.name }}"),
        ("left", "{% include 'right.html' with order=order %}{{ order.customer.name }}"),
        ("right", "{% include 'left.html' with order=order only %}"),
        ("parent", "{% extends 'parent.html' %}{% block a %}{{ block.super }}{{ order.customer.name }}{% endblock %}"),
        ("up", "{% extends 'down.html' %}{% block a %}{{ block.super }}{{ order.customer.name }}{% endblock %}"),
        ("down", "{% extends 'up.html' %}{% block a %}{% block b %}{{ block.super }}{% endblock %}{% endblock %}"),
        ("twice", "{% block a %}{% block a %}{{ order.customer.name }}{% endblock %}{% endblock %}"),
        ("part", "{% partialdef p %}{% partial p %}{{ order.customer.name }}{% endpartialdef %}{% partial p %}"),
    ];
    let mut views = String::new();
    for (name, text) in templates {
        let looped = format!("{{% for order in orders %}}{text}{{% endfor %}}");
        project.write(&format!("shop/templates/{name}.html"), text);
        project.write(&format!("shop/templates/{name}_list.html"), &looped);
        for template in [format!("{name}.html"), format!("{name}_list.html")] {
            views += &rendering(&template, "Order.objects.select_related('customer')");
        }
    }
    project.write("shop/views.py", &views);
    check(&project).claims_nothing();
}

#[test]
fn a_template_that_includes_itself_twenty_times_ends() {
    let project = shop();
    let text = "{% include 'own.html' %}\n".repeat(20) + "{{ order.customer.name }}";
    project.write("shop/templates/own.html", &text);
    project.write("shop/views.py", &rendering("own.html", "Order.objects.all()"));
    check(&project);
}

#[test]
fn a_thousand_templates_that_include_and_extend_one_another_end() {
    let project = shop();
    let mut views = String::new();
    for at in 0..1_000 {
        let includes = (1..=8).fold(String::new(), |all, step| {
            all + &format!("{{% include 't{}.html' %}}", (at * 7 + step * 31) % 1_000)
        });
        let body = format!("{{% for order in orders %}}{{{{ order.customer.name }}}}{includes}{{% endfor %}}");
        project.write(&format!("shop/templates/t{at}.html"), &body);
        let parent = format!("{{% extends 'e{}.html' %}}{{% block a %}}{body}{{% endblock %}}", (at + 1) % 1_000);
        project.write(&format!("shop/templates/e{at}.html"), &parent);
        if at % 50 == 0 {
            views += &rendering(&format!("t{at}.html"), "Order.objects.all()");
            views += &rendering(&format!("e{at}.html"), "Order.objects.all()");
        }
    }
    project.write("shop/views.py", &views);
    check(&project);
}

#[test]
fn recursive_serializers_claim_nothing() {
    let project = shop();
    let text = "\
from rest_framework import serializers, viewsets

from shop.models import Order


class Left(serializers.ModelSerializer):
    parent = Right()

    class Meta:
        model = Order
        fields = ['id', 'parent']


class Right(serializers.ModelSerializer):
    parent = Left()

    class Meta:
        model = Order
        fields = ['id', 'parent']


class Own(serializers.ModelSerializer):
    parent = Own()
    children = Own(many=True)

    class Meta:
        model = Order
        fields = ['id', 'parent', 'children']

    def to_representation(self, order):
        return {**super().to_representation(order), 'parent': Own(order.parent).data}


class LeftViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.select_related('parent__parent__parent__parent')
    serializer_class = Left


class OwnViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.select_related('parent__parent').prefetch_related('children', 'parent__children')
    serializer_class = Own
";
    project.write("shop/views.py", text);
    check(&project).claims_nothing();
}

#[test]
fn mutually_recursive_functions_claim_nothing() {
    let project = shop();
    let text = "\
from shop.models import Order


def even(order, count):
    print(order.customer.name)
    return odd(order, count - 1)


def odd(order, count):
    print(order.customer.name)
    return even(order, count - 1)


def all_orders(count):
    return other_orders(count - 1) if count else Order.objects.select_related('customer')


def other_orders(count):
    return all_orders(count - 1)


def show():
    for order in Order.objects.select_related('customer'):
        even(order, 4)
    for order in all_orders(4):
        even(order, 4)
";
    project.write("shop/views.py", text);
    check(&project).claims_nothing();
}

#[test]
fn a_function_of_5_000_branches_claims_nothing() {
    let project = shop();
    let query = "Order.objects.select_related('customer')";
    let mut chain = format!("def chain(kind):\n    orders = {query}\n    if kind == 0:\n        pass\n");
    let mut flat = format!("def flat(kind):\n    orders = {query}\n");
    for at in 1..5_000 {
        let _ = write!(chain, "    elif kind == {at}:\n        orders = {query}.filter(pk={at})\n");
        let _ = write!(flat, "    if kind == {at}:\n        orders = {query}.filter(pk={at})\n");
    }
    let end = "    for order in orders:\n        print(order.customer.name)\n\n\n";
    project.write("shop/views.py", &format!("from shop.models import Order\n\n\n{chain}{end}{flat}{end}"));
    check(&project).claims_nothing();
}

#[test]
fn chains_of_40_000_branches_among_a_thousand_names_end() {
    let project = shop();
    let names = (0..1_000).fold(String::new(), |all, at| all + &format!("    a{at} = Order\n"));
    let head = format!("from shop.models import Order\n\n\ndef show(a):\n{names}    orders = Order.objects.all()\n");
    let end = "    for order in orders:\n        print(order.customer.name)\n";
    let chain = format!("    if a:\n        pass\n{}", "    elif a:\n        b=a\n".repeat(40_000));
    let handlers = format!("    try:\n        pass\n{}", "    except a:\n        b=a\n".repeat(20_000));
    let cases = format!("    match a:\n{}", "        case a:\n            b=a\n".repeat(20_000));
    let flat = "    if a:\n        b=a\n    b=[c for c in a]\n".repeat(15_000);
    for (at, middle) in [chain, handlers, cases, flat].iter().enumerate() {
        project.write(&format!("shop/views{at}.py"), &format!("{head}{middle}{end}"));
    }
    check(&project);
}

#[test]
fn a_template_with_unclosed_tags_claims_nothing() {
    let project = shop();
    let texts = [
        "{% for order in orders %}{% if order.customer %}{{ order.customer.name }}",
        "{% for order in orders %}{{ order.customer.name",
        "{% for order in orders %}{{ order.customer.name }}{% endif %}{% endwith %}",
        "{% if orders %}{% for order in orders %}{% comment %}{{ order.customer.name }}{% endfor %}{% endif %}",
        "{% block a %}{% for order in orders %}{{ order.customer.name }}{% endblock %}{% endfor %}",
    ];
    let mut views = String::new();
    for (at, text) in texts.into_iter().enumerate() {
        project.write(&format!("shop/templates/t{at}.html"), text);
        views += &rendering(&format!("t{at}.html"), "Order.objects.all()");
    }
    project.write("shop/views.py", &views);
    check(&project).claims_nothing();
}

#[test]
fn a_call_tree_of_30_levels_ends() {
    let project = shop();
    let mut text = "from shop.models import Order\n\n\n".to_owned();
    for at in 0..30 {
        let next = at + 1;
        let _ = write!(
            text,
            "def f{at}(rows, other=None):\n    f{next}(rows, (other, rows))\n    f{next}([rows, other], rows)\n    \
             return f{next}(rows, {{'a': other, 'b': rows}})\n\n\n"
        );
    }
    text += "def f30(rows, other):\n    for row in rows:\n        print(row.customer.name)\n\n\n";
    text += "def show():\n    f0(Order.objects.all())\n    f0(list(Order.objects.all()), Order.objects.first())\n";
    project.write("shop/views.py", &text);
    check(&project);
}

#[test]
fn a_thousand_call_trees_end() {
    let project = shop();
    let mut text = "from shop.models import Order\n\n\n".to_owned();
    for at in 0..1_000 {
        let calls = (1..=8).fold(String::new(), |all, step| {
            all + &format!("    f{}([rows, {step}], other)\n    f{0}(other, {{'a': rows}})\n", at + step)
        });
        let _ = write!(text, "def f{at}(rows, other={at}):\n{calls}\n\n");
    }
    project.write("shop/views.py", &text);
    check(&project);
}

#[test]
fn two_hundred_functions_that_all_call_one_another_end() {
    let project = shop();
    let mut text = "from shop.models import Order\n\n\n".to_owned();
    for at in 0..200 {
        let _ = write!(text, "def f{at}(rows):\n    print(rows.customer.name)\n");
        for step in 1..40 {
            let _ = writeln!(text, "    f{}(rows)", (at + step * 5) % 200);
        }
        text += "    return Order.objects.all()\n\n\n";
    }
    project.write("shop/views.py", &(text + "for order in Order.objects.all():\n    f0(order)\n"));
    check(&project);
}

#[test]
fn five_thousand_calls_of_a_function_that_asks_much_end() {
    let project = shop();
    let mut text = "from shop.models import Order\n\n\ndef ask(order):\n".to_owned();
    for at in 0..300 {
        let way = "parent.".repeat(at % 60 + 1);
        let _ = writeln!(text, "    print(order.{way}customer.name, order.{way}children.filter(pk={at}))");
    }
    text += "\n\ndef show(order):\n";
    text += &"    ask(order)\n    ask(order.parent)\n".repeat(5_000);
    project.write("shop/views.py", &text);
    check(&project);
}

#[test]
fn a_class_whose_base_is_looked_for_in_itself_ends() {
    let project = shop();
    let text = "\
class Left(Right.x):
    pass


class Right(Left.x, Right.x, Right):
    def y(self):
        return Right.x(self).delay()


class A:
    def m(self):
        class B(self.C):
            pass
        class D(cls.m, self.m, self):
            pass
        return B


class E(A):
    def n(self):
        class E(self.E, E):
            def n(self):
                class E(self.n, E):
                    pass
                return self.n()
        return self.E.n(self)
";
    project.write("shop/views.py", text);
    check(&project);
}

#[test]
fn a_manager_whose_get_queryset_calls_itself_ends() {
    let project = shop();
    let text = "
class Circle(models.Manager):
    def get_queryset(self):
        return self.get_queryset().select_related('customer')


class Round(models.QuerySet):
    def open(self):
        return self.closed().open()

    def closed(self):
        return self.open().closed()

    def all(self):
        return self.all()


class Invoice(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    objects = Circle()
    rounds = Round.as_manager()
    both = Circle.from_queryset(Round)()
";
    project.write("shop/models.py", &format!("{MODELS}\n{text}"));
    let views = ["objects.all()", "rounds.open().closed()", "both.open()", "rounds.all()"]
        .map(|rows| shown(&format!("Invoice.objects.{rows}")) + &shown(&format!("Invoice.{rows}")));
    project.write("shop/views.py", &format!("from shop.models import Invoice\n{}", views.concat()));
    check(&project);
}

#[test]
fn a_row_that_prints_and_reads_itself_ends() {
    let project = shop();
    let text = "
class Invoice(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    parent = models.ForeignKey('self', on_delete=models.CASCADE)

    def __str__(self):
        return f'{self} {self.parent}' + str(self) + str(self.parent)

    @property
    def own(self):
        return self.own + self.parent.own

    @property
    def left(self):
        return self.right.left

    @property
    def right(self):
        return self.left.right

    def call(self):
        return self.parent.call().call()
";
    project.write("shop/models.py", &format!("{MODELS}\n{text}"));
    let views = "\
from django.contrib import admin

from shop.models import Invoice


@admin.register(Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    list_display = ['__str__', 'own', 'left', 'column', 'parent']

    def column(self, invoice):
        return self.column(invoice.parent)


def show():
    for invoice in Invoice.objects.all():
        print(f'{invoice}', invoice.own, invoice.left.right, invoice.call())
";
    project.write("shop/admin.py", views);
    check(&project);
}

#[test]
fn paths_of_2_000_hops_end() {
    for hops in [2_000, 40_000] {
        let project = shop();
        project.write("shop/models.py", &MODELS.replace("parent", "p"));
        let (under, dots) = (vec!["p"; hops].join("__"), vec!["p"; hops].join("."));
        let views = format!(
            "def rows():\n    orders = Order.objects.prefetch_related('{under}').select_related('{under}')\n    \
             for order in orders.filter({under}=1):\n        print(order.{dots})\n    return orders\n\n\n"
        );
        let end = "def again():\n    for order in rows().all():\n        print(order.customer.name)\n";
        project.write("shop/views.py", &(rendering("path.html", &format!("Order.objects.all()\n\n\n{views}{end}"))));
        let template = format!("{{% for order in orders %}}{{{{ order.{dots}.name }}}}{{% endfor %}}");
        project.write("shop/templates/path.html", &template);
        let steps = "    order = order.p\n    row = row.children.filter(pk=1).first()\n".repeat(10_000);
        let text = format!("def steps(order):\n    row = order\n{steps}    print(order.name, row.name)\n");
        project.write("shop/steps.py", &format!("{text}\n\nfor order in Order.objects.all():\n    steps(order)\n"));
        check(&project);
    }
}

#[test]
fn prefetches_that_hold_themselves_twice_end() {
    let project = shop();
    let step = "    orders = Order.objects.prefetch_related(\n        Prefetch('parent', queryset=orders), \
                Prefetch('children', queryset=orders), Prefetch('children', queryset=orders, to_attr='kept')\n    )\n";
    let text = format!(
        "from django.db.models import Prefetch\nfrom shop.models import Order\n\n\ndef show():\n    \
         orders = Order.objects.all()\n{}    for order in orders:\n        print(order.customer.name)\n    \
         return orders\n\n\ndef other():\n    return [order.customer for order in show()]\n",
        step.repeat(40)
    );
    project.write("shop/views.py", &text);
    check(&project);
}

#[test]
fn three_thousand_models_in_a_ring_end() {
    let project = Project::empty();
    let mut models = "from django.db import models\n\n\n".to_owned();
    for at in 0..3_000 {
        let (next, other) = ((at + 1) % 3_000, (at * 7) % 3_000);
        let _ = write!(
            models,
            "class M{at}(models.Model):\n    next = models.ForeignKey('M{next}', on_delete=models.CASCADE)\n    \
             other = models.ManyToManyField('shop.M{other}', related_name='others')\n\n    \
             def __str__(self):\n        return str(self.next)\n\n\n"
        );
    }
    project.write("shop/__init__.py", "");
    project.write("shop/models.py", &models);
    let way = vec!["next"; 60].join(".");
    let text = format!("for row in M0.objects.all():\n    print(row.{way}, f'{{row}}')\n");
    project.write("shop/views.py", &format!("from shop.models import M0\n\n{text}"));
    check(&project);
}

#[test]
fn loops_and_comprehensions_nested_400_deep_end() {
    let project = shop();
    let mut text = "from shop.models import Order\n\n\ndef loops():\n".to_owned();
    for depth in 0..400 {
        let _ = writeln!(text, "{}for o{depth} in Order.objects.filter(parent=o{}):", " ".repeat(depth + 1), depth / 2);
    }
    let _ = write!(text, "{}print(o399.customer.name)\n\n\ndef inner():\n    return ", " ".repeat(401));
    text += &format!("{}Order.objects.all(){}\n\n\n", "[o.parent for o in ".repeat(400), "]".repeat(400));
    let clauses = (0..400).fold(String::new(), |all, _| all + " for order in order.children.all() if order.parent");
    let _ = write!(text, "def clauses(order):\n    return [order.customer{clauses}]\n\n\n");
    let element = "[".repeat(400) + "o" + &" for o in o.children.all()]".repeat(400);
    let _ = write!(text, "def element(o):\n    return {element}\n\n\n");
    project.write("shop/views.py", &text);
    check(&project);
}

#[test]
fn a_chain_of_5_000_filters_ends() {
    let project = shop();
    let narrow = ".filter(name='a').select_related('customer')".repeat(2_500);
    let mut text = format!("orders = Order.objects{narrow}\nfor order in orders:\n    print(order.customer.name)\n");
    text += &"orders = orders.filter(name='a').annotate(a=1)\n".repeat(5_000);
    for at in 0..5_000 {
        let _ = writeln!(text, "orders = orders.annotate(a{at}=1).prefetch_related('p{at}')");
    }
    project.write("shop/views.py", &format!("from shop.models import Order\n\n\ndef show():\n    {}", indented(&text)));
    check(&project);
}

#[test]
fn dictionaries_of_50_000_entries_end() {
    let project = shop();
    let mut text = "from shop.models import Order as O\n\nALL = {\n".to_owned();
    for at in 0..50_000 {
        let _ = writeln!(text, "'k{at}': O,");
    }
    text += "}\n\n\ndef read(rows):\n    return rows\n\n\ndef show():\n    own = {}\n";
    project.write("shop/data.py", &(text + &"    read(ALL)\n    own = ALL\n    own['a'] = O\n".repeat(2_000)));
    let mut text = "from shop.data import ALL, read, O\n\n\ndef show():\n    own = {}\n".to_owned();
    for at in 0..10_000 {
        let _ = writeln!(text, "    own['k{at}'] = O.objects.all()\n    own.update(a{at}=O)\n    read(own)");
    }
    project.write("shop/views.py", &(text + "    return own\n"));
    check(&project);
}

#[test]
fn tuples_that_hold_themselves_end() {
    let project = shop();
    let mut text =
        "from shop.models import Order\n\n\ndef wide(x):\n    return (".to_owned() + &"x, ".repeat(40) + ")\n";
    text += "\n\ndef show():\n    x = y = Order.objects.all()\n";
    text += &"    x = (x, x)\n    y = {'a': y, 'b': [y, y]}\n    y['c'] = y\n".repeat(60);
    text += "    if x:\n        x = (x, y)\n    return x\n\n\ndef other():\n    x = show()\n";
    text += &"    x = wide(x)\n".repeat(60);
    let _ = write!(text, "    return {}x{}\n\n\n", "wide(".repeat(80), ")".repeat(80));
    text += "class Box:\n    def __init__(self, left, right):\n        self.left = left\n        self.right = right\n";
    text += "\n\ndef boxes():\n    box = Box(Order.objects.all(), None)\n";
    text += &"    box = Box(box, box)\n".repeat(60);
    project.write("shop/views.py", &(text + "    return box\n\n\ndef last():\n    return boxes().left.left\n"));
    check(&project);
}

#[test]
fn ten_thousand_assignments_of_one_queryset_in_branches_end() {
    for query in ["orders.filter(pk=1).select_related('customer')", "Order.objects.filter(pk=1)", "list(orders)"] {
        let project = shop();
        let mut text = "from shop.models import Order\n\n\ndef show(a):\n    orders = Order.objects.all()\n".to_owned();
        for at in 0..10_000 {
            let _ = writeln!(text, "    if a.b{at}:\n        orders = {query}");
        }
        text += "    for order in orders:\n        print(order.customer.name)\n";
        project.write("shop/views.py", &text);
        check(&project);
    }
}

#[test]
fn lattices_of_base_classes_end() {
    for width in [2, 10] {
        let project = shop();
        for (name, root) in [("plain", "object"), ("models", "models.Model"), ("views", "View")] {
            let mut text = "from django.db import models\nfrom django.views import View\n\n\n".to_owned();
            for layer in 0..25 {
                let above = (0..width).map(|at| format!("C{}_{at}", layer - 1)).collect::<Vec<_>>().join(", ");
                let bases = if layer == 0 { root } else { &above };
                for at in 0..width {
                    let _ = write!(text, "class C{layer}_{at}({bases}):\n    a{layer}_{at} = 1\n\n");
                    text += "    def send(self):\n        return self.nothing() + super().send()\n\n";
                    text += "    def idle(self):\n        pass\n\n    def late(self):\n        ";
                    text += "raise NotImplementedError\n\n\n";
                }
            }
            text += "def show(rows: C24_0):\n    C24_0.nothing()\n    C24_1().nothing()\n    return rows.nothing()\n";
            project.write(&format!("shop/{name}.py"), &text);
        }
        check(&project);
    }
}

#[test]
fn lambdas_that_call_lambdas_end() {
    let project = shop();
    let mut text = "from shop.models import Order\n\ng0 = lambda f: f(f)(f)(f)\n\n\ndef show():\n".to_owned();
    text += "    own = lambda f: f(f)(f)(f)\n    own(own)(own)\n    g0(g0)\n    l60 = lambda row: row.customer\n";
    for at in (0..60).rev() {
        let next = at + 1;
        let _ = writeln!(text, "    l{at} = lambda row: (l{next}(row), l{next}(row.parent), l{next}([row, row]))");
    }
    text += "    twice = lambda f: lambda x: f(f(x))\n";
    let _ = writeln!(text, "    {}l0{}(1)", "twice(".repeat(100), ")".repeat(100));
    project.write("shop/views.py", &(text + "    for order in Order.objects.all():\n        l0(order)\n"));
    check(&project);
}

#[test]
fn serializers_nested_15_levels_with_ten_fields_each_end() {
    let project = shop();
    let mut text = "from rest_framework import serializers, viewsets\nfrom shop.models import Order\n\n\n".to_owned();
    text += "class S15(serializers.ModelSerializer):\n    pass\n\n\n";
    for level in (0..15).rev() {
        let _ = writeln!(text, "class S{level}(serializers.ModelSerializer):");
        for at in 0..10 {
            let _ = writeln!(text, "    f{at} = S{}(source='parent')", level + 1);
        }
        let fields = (0..10).map(|at| format!("'f{at}'")).collect::<Vec<_>>().join(", ");
        let _ = write!(text, "\n    class Meta:\n        model = Order\n        fields = [{fields}]\n\n\n");
        let _ = write!(text, "class V{level}(viewsets.ModelViewSet):\n    queryset = Order.objects.all()\n");
        let _ = write!(text, "    serializer_class = S{level}\n\n\n");
    }
    project.write("shop/views.py", &text);
    check(&project);
}

#[test]
fn tags_nested_20_000_deep_in_a_template_end() {
    for (open, close) in [
        ("{% if orders %}", "{% endif %}"),
        ("{% for order in order.children.all %}", "{% endfor %}"),
        ("{% with order=order.parent %}", "{% endwith %}"),
        ("{% block a %}", "{% endblock %}"),
    ] {
        let project = shop();
        let text = open.repeat(20_000) + "{{ order.customer.name }}" + &close.repeat(20_000);
        project.write("shop/templates/deep.html", &text);
        project.write("shop/views.py", &rendering("deep.html", "Order.objects.all()"));
        check(&project);
    }
}

/// A run that came to its end in time and without a panic.
struct Ended {
    run: Run,
}

impl Ended {
    /// Asserts that no rule of the family has found anything.
    fn claims_nothing(&self) {
        assert!(!self.run.stdout.contains(" queries/"), "there is a claim\n{}", self.run);
    }
}

/// Runs all rules. The run is ended, and the test with it, where it takes longer than runs may.
///
/// A rule that panics is an internal error, and the exit code is another then.
fn check(project: &Project) -> Ended {
    let run = project.check(&["--isolated", "--preset", "all"]);
    assert!(matches!(run.code, Some(0 | 1)) && run.stderr.is_empty(), "{run}");
    assert!(!run.stdout.contains("not analysed"), "a file is too large to say anything about it\n{run}");
    Ended { run }
}

/// A project with some models.
fn shop() -> Project {
    let project = Project::empty();
    project.write("manage.py", "");
    project.write("shop/__init__.py", "");
    project.write("shop/models.py", MODELS);
    project
}

/// Two apps of one label; what is a key in one is text in the other.
fn two_shops() -> Project {
    let project = Project::empty();
    let key = |to: &str| format!("models.ForeignKey('{to}', on_delete=models.CASCADE)");
    let text = "models.CharField(max_length=9)".to_owned();
    for (root, customer, city) in
        [("east", text.clone(), text.clone()), ("west", key("shop.Customer"), key("shop.City"))]
    {
        let models = format!(
            "from django.db import models\n\n\nclass City(models.Model):\n    name = {text}\n\n\n\
             class Customer(models.Model):\n    name = {text}\n    city = {city}\n\n\n\
             class Order(models.Model):\n    customer = {customer}\n"
        );
        project.write(&format!("{root}/__init__.py"), "");
        project.write(&format!("{root}/shop/__init__.py"), "");
        project.write(&format!("{root}/shop/models.py"), &models);
    }
    project
}

/// A function that reads a relation of rows.
fn shown(rows: &str) -> String {
    format!("\n\ndef show():\n    for order in {rows}:\n        print(order.customer.name)\n")
}

/// A view that renders a template of rows, under the name `orders`, and of one of them.
fn rendering(template: &str, rows: &str) -> String {
    format!(
        "from django.shortcuts import render\nfrom shop.models import Order\n\n\ndef view(request):\n    \
         context = {{'orders': orders(), 'order': orders().first()}}\n    \
         return render(request, '{template}', context)\n\n\ndef orders():\n    return {rows}\n\n\n"
    )
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n    ").trim_end().to_owned() + "\n"
}
