//! Abstract bases, parents with tables, proxies, mixins, and what is not known whole.

use super::{Project, names};

const HEAD: &str = "from django.db import models\n";

fn shop(models: &str, asked: &[&str]) -> Vec<String> {
    names(&[("shop/models.py", &format!("{HEAD}{models}"))], asked)
}

#[test]
fn an_abstract_base_gives_its_relations_to_each_child() {
    let models = "
class Author(models.Model):
    pass
class Signed(models.Model):
    author = models.ForeignKey(Author, related_name='%(app_label)s_%(class)s_list', on_delete=models.CASCADE)
    parent = models.ForeignKey('self', null=True, related_name='children', on_delete=models.CASCADE)
    class Meta:
        abstract = True
class Post(Signed):
    pass
class Note(Signed):
    class Meta(Signed.Meta):
        pass
";
    let asked = [
        "shop.Post.author",
        "shop.Author.shop_post_list",
        "shop.Author.shop_note_list",
        "shop.Post.children",
        "shop.Note.parent",
    ];
    let expected = [
        "ForeignKey shop.Author",
        "ReverseForeignKey shop.Post",
        "ReverseForeignKey shop.Note",
        "ReverseForeignKey shop.Post",
        "ForeignKey shop.Note",
    ];
    assert_eq!(shop(models, &asked), expected);
}

#[test]
fn a_child_with_a_table_has_all_of_its_parent_and_a_pointer() {
    let models = "
class Place(models.Model):
    name = models.CharField()
class Guest(models.Model):
    place = models.ForeignKey(Place, on_delete=models.CASCADE)
class Bar(Place):
    beers = models.IntegerField()
class Pub(Bar):
    pass
class Hotel(Place):
    site = models.OneToOneField(Place, parent_link=True, related_name='as_hotel', on_delete=models.CASCADE)
";
    let asked = [
        "shop.Pub.name",
        "shop.Pub.beers",
        "shop.Pub.guest_set",
        "shop.Bar.place_ptr",
        "shop.Bar.place_ptr_id",
        "shop.Pub.bar_ptr",
        "shop.Place.bar",
        "shop.Bar.pub",
        "shop.Place.pub",
        "shop.Place.as_hotel",
        "shop.Hotel.place_ptr",
        "shop.Bar.id",
    ];
    let expected = [
        "CharField",
        "IntegerField",
        "ReverseForeignKey shop.Guest",
        "OneToOne shop.Place",
        "OneToOneField",
        "OneToOne shop.Bar",
        "ReverseOneToOne shop.Bar",
        "ReverseOneToOne shop.Pub",
        "nothing",
        "ReverseOneToOne shop.Hotel",
        "nothing",
        "AutoField",
    ];
    assert_eq!(shop(models, &asked), expected);
}

#[test]
fn a_proxy_has_what_its_model_has() {
    let models = "
class Person(models.Model):
    name = models.CharField()
class Clerk(Person):
    class Meta:
        proxy = True
class Sale(models.Model):
    clerk = models.ForeignKey(Clerk, on_delete=models.CASCADE)
";
    let asked =
        ["shop.Clerk.name", "shop.Clerk.sale_set", "shop.Person.sale_set", "shop.Sale.clerk", "shop.Clerk.person_ptr"];
    let expected =
        ["CharField", "ReverseForeignKey shop.Sale", "ReverseForeignKey shop.Sale", "ForeignKey shop.Clerk", "nothing"];
    assert_eq!(shop(models, &asked), expected);
}

#[test]
fn a_name_in_the_class_hides_an_inherited_field() {
    let models = "
class Base(models.Model):
    title = models.CharField()
    note = models.TextField()
    rank = models.IntegerField()
    class Meta:
        abstract = True
class Post(Base):
    title = models.TextField()
    note = None
    @property
    def rank(self):
        return 1
";
    assert_eq!(
        shop(models, &["shop.Post.title", "shop.Post.note", "shop.Post.rank"]),
        ["TextField", "nothing", "nothing"]
    );
}

#[test]
fn fields_in_branches_of_the_class_are_fields() {
    let models = "
class Post(models.Model):
    if True:
        title = models.CharField()
    else:
        body = models.TextField()
    try:
        link = models.URLField()
    except ImportError:
        pass
";
    assert_eq!(
        shop(models, &["shop.Post.title", "shop.Post.body", "shop.Post.link"]),
        ["CharField", "TextField", "URLField"]
    );
}

#[test]
fn bases_are_found_through_other_modules_and_aliases() {
    let files = [
        ("core/__init__.py", ""),
        ("core/db/__init__.py", "from core.db.base import Timed as Stamped\n"),
        (
            "core/db/base.py",
            "from django.db.models import Model as M, DateTimeField as Time\nclass Timed(M):\n    made = Time()\n    class Meta:\n        abstract = True\n",
        ),
        ("shop/models.py", "import core.db as db\nclass Order(db.Stamped):\n    pass\n"),
    ];
    assert_eq!(names(&files, &["shop.Order.made"]), ["DateTimeField"]);
}

/// Why a model is not known whole.
fn gaps(models: &str) -> String {
    let project = Project::new(&[("shop/models.py", &format!("{HEAD}{models}"))]);
    let model = project.model();
    let models = model.models();
    let found = models.of_label("shop.Post").map(|id| models.get(id));
    found.map_or("no model".to_owned(), |model| model.gaps.join(", "))
}

#[test]
fn a_model_of_known_bases_is_complete() {
    let models = "
from typing import Generic
class Plain:
    kind = 'a'
class Base(Plain, models.Model):
    class Meta:
        abstract = True
class Post(Base, Generic[int]):
    SIZE = 3
    title = models.CharField()
";
    assert_eq!(gaps(models), "");
}

#[test]
fn what_may_add_fields_makes_a_model_incomplete() {
    let cases = [
        ("from lib import Mixin\nclass Post(Mixin, models.Model):\n    pass\n", "base lib.Mixin"),
        ("from lib import Base\nclass Post(Base):\n    title = models.CharField()\n", "base lib.Base"),
        ("from lib import extend\n@extend\nclass Post(models.Model):\n    pass\n", "decorator extend"),
        ("from lib import Meta\nclass Post(models.Model, metaclass=Meta):\n    pass\n", "metaclass Meta"),
        ("from lib import Extras\nclass Post(models.Model):\n    extras = Extras()\n", "extras = Extras()"),
        (
            "class Post(models.Model):\n    for n in 'ab':\n        locals()[n] = models.CharField()\n",
            "loop in the class",
        ),
        ("class Post(models.Model):\n    pass\nPost.add_to_class(NAME, models.CharField())\n", "add_to_class"),
    ];
    assert_eq!(cases.map(|(models, _)| gaps(models)), cases.map(|(_, gap)| gap.to_owned()));
}

#[test]
fn a_decorator_of_the_project_that_only_registers_leaves_a_model_complete() {
    let models = "
def register(cls):
    REGISTRY.append(cls)
    return cls
@register
class Post(models.Model):
    pass
";
    assert_eq!(gaps(models), "");
}

#[test]
fn fields_that_are_added_from_outside_are_fields() {
    let models = "
class Post(models.Model):
    pass
Post.add_to_class('likes', models.IntegerField())
";
    assert_eq!(shop(models, &["shop.Post.likes"]), ["IntegerField"]);
}

#[test]
fn a_complete_model_lacks_what_no_relation_can_add() {
    let project = Project::new(&[(
        "shop/models.py",
        &format!(
            "{HEAD}
class Post(models.Model):
    title = models.CharField()
class Vote(models.Model):
    about = models.ForeignKey(target(), related_name='votes', on_delete=models.CASCADE)
"
        ),
    )]);
    let model = project.model();
    let models = model.models();
    let post = models.of_label("shop.Post").expect("a model");
    assert_eq!(["title", "votes", "writer"].map(|name| models.lacks(post, name)), [false, false, true]);
}

#[test]
fn circles_of_bases_and_relations_come_to_an_end() {
    let models = "
class A(B):
    b = models.ForeignKey('B', on_delete=models.CASCADE)
class B(A):
    a = models.ForeignKey('A', on_delete=models.CASCADE)
class C(C, models.Model):
    c = models.ForeignKey('C', on_delete=models.CASCADE)
class D(models.Model):
    objects = objects
    target = target
    d = models.ForeignKey(target, on_delete=models.CASCADE)
target = other
other = target
";
    assert_eq!(shop(models, &["shop.C.c", "shop.D.d"]), ["ForeignKey shop.C", "ForeignKey ?"]);
}

#[test]
fn a_lattice_of_bases_takes_bounded_time() {
    let mut text = HEAD.to_owned();
    for layer in 0..40 {
        for class in 0..12 {
            let bases: Vec<String> = (0..12).map(|base| format!("L{}x{base}", layer - 1)).collect();
            let bases = if layer == 0 { "models.Model".to_owned() } else { bases.join(", ") };
            text.push_str(&format!("class L{layer}x{class}({bases}):\n    f{layer}x{class} = models.CharField()\n    class Meta:\n        abstract = True\n"));
        }
    }
    text.push_str("class Post(L39x0):\n    objects = L39x0()\n");
    assert_eq!(names(&[("shop/models.py", &text)], &["shop.Post.f39x0"]), ["CharField"]);
}

#[test]
fn a_long_chain_of_parents_takes_bounded_time() {
    let mut text = format!("{HEAD}class M0(models.Model):\n    pass\n");
    for at in 1..2000 {
        text.push_str(&format!("class M{at}(M{}):\n    f{at} = models.CharField()\n", at - 1));
    }
    assert_eq!(names(&[("shop/models.py", &text)], &["shop.M30.f1", "shop.M1999.f1999"]), ["CharField", "CharField"]);
}
