//! What serializers send, written briefly.

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::{Kind, ServedField};
use crate::extract::extract;
use crate::facts::Facts;
use crate::outline::Interest;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

const MODELS: &str = "
from django.db import models
from decimal import Decimal
class Shop(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=20)
class Order(models.Model):
    number = models.CharField(max_length=20)
    total = models.DecimalField(max_digits=9, decimal_places=2)
    paid = models.BooleanField()
    note = models.TextField(null=True)
    placed = models.DateTimeField()
    shop = models.ForeignKey(Shop, null=True, on_delete=models.CASCADE)
    tags = models.ManyToManyField('Tag')
    tag = models.ForeignKey('Tag', to_field='name', on_delete=models.CASCADE)
    data = models.JSONField()
    @property
    def size(self) -> int | None: ...
class Tag(models.Model):
    code = models.SlugField(primary_key=True)
";

const HEAD: &str = "
from rest_framework import serializers
from shop.models import Order, Shop, Tag
";

fn read(files: &[(&str, &str)]) -> Vec<(SourceFile, Facts)> {
    let interest = Interest { bodies: true, ..Interest::none(Grammar::Python) };
    let read = |(path, text): &(&str, &str)| {
        let path = RelPath::new(path);
        let roles = roles(&path, text, Language::Python);
        let source = SourceFile::new(path, *text, Language::Python, roles);
        let tree = parse::parse(Grammar::Python, text);
        let facts = extract(&source, &tree, &interest).0;
        (source, facts)
    };
    files.iter().map(read).collect()
}

fn brief(kind: &Kind<'_>) -> String {
    match kind {
        Kind::List(element) => format!("[{}]", brief(element)),
        Kind::Object(_) => "object".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn field(field: &ServedField<'_>) -> String {
    let mark = |is: bool, mark: &'static str| if is { mark } else { "" };
    let (null, optional) = (mark(field.is_nullable, "|null"), mark(field.is_optional, "?"));
    format!("{}{optional}:{}{null}", field.name, brief(&field.kind))
}

/// Checks what the last serializer of a module sends; a star at the end: it may send more.
fn check_with(serializers: &str, settings: &str, expected: &str) {
    let text = format!("{HEAD}{serializers}");
    let files = [
        ("manage.py", ""),
        ("shop/__init__.py", ""),
        ("shop/models.py", MODELS),
        ("shop/serializers.py", &text),
        ("shop/settings.py", settings),
    ];
    let files = read(&files);
    let model = ProjectModel::join(files.iter().map(|(source, facts)| ProjectFile { source, facts }));
    let last = model.served().all().last().expect("a serializer");
    let mut fields: Vec<String> = last.fields.iter().map(field).collect();
    fields.extend((!last.is_complete).then(|| "*".to_owned()));
    assert_eq!(fields.join(" "), expected, "{serializers}");
}

fn check(serializers: &str, expected: &str) {
    check_with(serializers, "", expected);
}

#[test]
fn implied_fields_are_those_of_the_model() {
    check(
        "
class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ('id', 'pk', 'number', 'total', 'paid', 'note', 'placed', 'shop', 'shop_id', 'tags', 'tag', 'data', 'size', 'x')
",
        "id:integer pk:integer number:text total:decimal paid:boolean note:text|null placed:time shop:uuid|null \
         shop_id:uuid|null tags:[text] tag:unknown data:json size:integer|null x:unknown",
    );
}

#[test]
fn all_fields_are_those_of_the_table() {
    let all = "
class ShopSerializer(serializers.ModelSerializer):
    class Meta:
        model = Shop
        fields = '__all__'
";
    check(all, "id:uuid name:text");
    check(&all.replace("fields = '__all__'", "exclude = ['name']"), "id:uuid");
    let order =
        all.replace("= Shop", "= Order").replace("fields = '__all__'", "exclude = ['data', 'tags', 'tag', 'note']");
    check(&order, "id:integer number:text paid:boolean placed:time shop:uuid|null total:decimal");
}

#[test]
fn declared_fields_say_what_they_are() {
    check(
        "
class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ['code']
class OrderSerializer(serializers.ModelSerializer):
    total = serializers.DecimalField(9, 2, coerce_to_string=False)
    shop_name = serializers.CharField(source='shop.name')
    where = serializers.CharField(source='shop.name', allow_null=True)
    tags = TagSerializer(many=True)
    codes = serializers.SlugRelatedField(slug_field='code', source='tags', many=True, read_only=True)
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.all())
    secret = serializers.CharField(write_only=True)
    owner = serializers.HiddenField(default=1)
    kind = serializers.ChoiceField(choices=[('a', 'A'), ('b', 'B')])
    sizes = serializers.ListField(child=serializers.IntegerField())
    remark = serializers.ReadOnlyField(source='note')
    at = serializers.DateTimeField(format=None)
    left = serializers.SerializerMethodField()
    right = serializers.SerializerMethodField('make_right')
    odd = make_field()
    class Meta:
        model = Order
        fields = ['total', 'shop_name', 'where', 'tags', 'codes', 'shop', 'secret', 'owner', 'kind', 'sizes', 'remark',
                  'at', 'left', 'right', 'odd', 'number', 'paid']
        extra_kwargs = {'paid': {'write_only': True}}
    def get_left(self, row) -> 'str': ...
    def make_right(self, row) -> Optional[list[float]]: ...
",
        "total:float shop_name?:text where?:text|null tags:[object] codes:[text] shop:uuid|null kind:text \
         sizes:[integer] remark:text|null at:unknown left:text right:[float]|null odd:unknown number:text",
    );
}

#[test]
fn what_a_base_says_is_inherited() {
    check(
        "
class Base(serializers.ModelSerializer):
    extra = serializers.IntegerField()
    gone = serializers.IntegerField()
    class Meta:
        model = Order
        fields = ['number', 'extra']
class OrderSerializer(Base):
    gone = None
    class Meta(Base.Meta):
        more = ('paid',)
        fields = [*Base.Meta.fields, *more] + ['total']
",
        "extra:integer number:text paid:boolean total:decimal",
    );
}

#[test]
fn what_is_overridden_is_not_known() {
    let serializer = |method: &str| {
        format!(
            "
class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ['number', 'total']
{method}"
        )
    };
    let named = "    def to_representation(self, row):
        data = super().to_representation(row)
        data['total'] = 1
        return data
";
    check(&serializer(named), "number:text total?:unknown *");
    let computed = named.replace("'total'", "name");
    check(&serializer(&computed), "number?:unknown total?:unknown *");
    let own = "    def to_representation(self, row):\n        return {'number': 1}\n";
    check(&serializer(own), "number?:unknown total?:unknown *");
    let fields = "    def get_fields(self):\n        fields = super().get_fields()\n        return fields\n";
    check(&serializer(fields), "number:text total:decimal *");
    check(&serializer("").replace("['number', 'total']", "names()"), "*");
    check(
        &serializer("").replace("serializers.ModelSerializer", "Foreign, serializers.ModelSerializer"),
        "number?:unknown total?:unknown *",
    );
}

#[test]
fn settings_change_what_all_send() {
    let serializer = "
class OrderSerializer(serializers.ModelSerializer):
    shop_name = serializers.CharField(source='shop.name')
    class Meta:
        model = Order
        fields = ['total', 'shop_name']
";
    let numbers = "REST_FRAMEWORK = {'COERCE_DECIMAL_TO_STRING': False}";
    check_with(serializer, numbers, "shop_name?:text total:float");
    let camel = "REST_FRAMEWORK = {'DEFAULT_RENDERER_CLASSES': ('djangorestframework_camel_case.render.CamelCaseJSONRenderer',)}";
    check_with(serializer, camel, "shopName?:text total:decimal");
}

#[test]
fn hostile_serializers_end() {
    check(
        "
class A(B, serializers.ModelSerializer):
    b = B()
    class Meta(B.Meta):
        fields = B.Meta.fields + ['b']
class B(A, serializers.ModelSerializer):
    a = A(many=True, source='shop.shop.shop')
    class Meta(A.Meta):
        model = Order
        fields = A.Meta.fields + ['a']
",
        "b:object a:[object] *",
    );
    let names: String = (0..3_000).map(|at| format!("'f{at}', ")).collect();
    let wide = format!(
        "
class Wide(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = [{names}]
class OrderSerializer(Wide):
    itself = OrderSerializer(many=True)
    class Meta(Wide.Meta):
        fields = ['itself']
"
    );
    check(&wide, "itself:[object]");
}
