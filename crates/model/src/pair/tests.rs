//! Which types are held against which serializers, and what differs.

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use crate::extract::extract;
use crate::facts::Facts;
use crate::outline::Interest;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

const MODELS: &str = "
from django.db import models
class Order(models.Model):
    number = models.CharField(max_length=20)
    total = models.DecimalField(max_digits=9, decimal_places=2)
    paid = models.BooleanField()
    note = models.TextField(null=True)
    placed = models.DateTimeField()
class Parcel(models.Model):
    number = models.IntegerField()
    total = models.IntegerField()
    paid = models.IntegerField()
";

const SERIALIZERS: &str = "
from rest_framework import serializers
from shop.models import Order, Parcel
class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ['id', 'number', 'total', 'paid', 'note', 'placed']
class ParcelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Parcel
        fields = ['id', 'number', 'total', 'paid']
";

fn read(path: &str, text: &str) -> (SourceFile, Facts) {
    let path = RelPath::new(path);
    let language = Language::of(&path).expect("a language");
    let grammar = Grammar::of(language).expect("a grammar");
    let roles = roles(&path, text, language);
    let source = SourceFile::new(path, text, language, roles);
    let interest = Interest { bodies: true, ..Interest::none(grammar) };
    let facts = extract(&source, &parse::parse(grammar, text), &interest).0;
    (source, facts)
}

/// Finds the differences between modules of the client and the serializers: `Type.field Kind`.
fn differences(client: &[(&str, &str)], serializers: &str) -> Vec<String> {
    let server = [("shop/__init__.py", ""), ("shop/models.py", MODELS), ("shop/serializers.py", serializers)];
    let files: Vec<_> = server.iter().chain(client).map(|(path, text)| read(path, text)).collect();
    let model = ProjectModel::join(files.iter().map(|(source, facts)| ProjectFile { source, facts }));
    let pairs = &model.pairs().all;
    let show = |name: &str, it: &super::Difference<'_>| format!("{name}.{} {:?}", it.field, it.what);
    pairs.iter().flat_map(|pair| pair.differences.iter().map(move |it| show(&pair.declaration.name, it))).collect()
}

fn check(types: &str, expected: &[&str]) {
    assert_eq!(differences(&[("web/types.ts", types)], SERIALIZERS), expected, "{types}");
}

#[test]
fn each_kind_of_difference_is_found() {
    check(
        "interface Order { id: string; number: string; total: number; paid: boolean; note: string; placed: Date; more: string }",
        &[
            "Order.id OtherKind",
            "Order.total DecimalAsNumber",
            "Order.note MayBeNull",
            "Order.placed TextAsDate",
            "Order.more NeverSent",
        ],
    );
}

#[test]
fn names_and_fields_must_fit() {
    check("interface OrderPayload { id: string; number: string; total: number; paid: boolean }", &[]);
    check("interface Bill { id: string; number: string; total: number; paid: boolean }", &[]);
    check("interface Order { total: number; a: 1; b: 2; c: 3 }", &[]);
    check("type TOrderList = { id: number; number: string; total: number }", &["TOrderList.total DecimalAsNumber"]);
}

#[test]
fn types_are_put_together() {
    check(
        "type Base = { id: number; number: string } & { total: number };
        interface Order extends Omit<Base, 'number'> { number: string }",
        &["Order.total DecimalAsNumber"],
    );
    check(
        "interface Raw { id: number; number: string; total: number; paid: string }
        type Order = Pick<Raw, 'id' | 'number' | 'total'>",
        &["Order.total DecimalAsNumber"],
    );
    check(
        "const raw = z.object({ id: z.number(), number: z.string(), total: z.number() });
        type Order = z.infer<typeof raw>",
        &["Order.total DecimalAsNumber"],
    );
}

#[test]
fn what_is_not_known_is_no_difference() {
    check("interface Order { id: Id; number: string | number; total: any; paid: unknown; note?: string }", &[]);
    let open = "type Id<T> = T; interface Order { id: Id<string>; number: keyof X; total: T['a']; paid: typeof x }";
    check(open, &[]);
}

#[test]
fn types_of_other_modules_are_found() {
    let order = "import { Kind } from './kinds'; import type { Flag } from '@app/flags';
        export interface Order { id: number; number: Kind; total: string; paid: Flag }";
    let client = [
        ("web/order.ts", order),
        ("web/kinds.ts", "export enum Kind { A, B }"),
        ("web/lib/flags.ts", "export type Flag = 'yes' | 'no';"),
        ("web/other/kinds.ts", "export type Kind = string;"),
    ];
    assert_eq!(differences(&client, SERIALIZERS), ["Order.number OtherKind", "Order.paid OtherKind"]);
}

#[test]
fn a_type_that_is_declared_twice_must_agree() {
    let first = ("web/a.ts", "export interface Order { id: number; number: string; total: number; paid: boolean }");
    let second = ("web/b.ts", "export interface Order { id: number; number: string; total: number; paid: string }");
    let expected = ["Order.total DecimalAsNumber", "Order.total DecimalAsNumber"];
    assert_eq!(differences(&[first, second], SERIALIZERS), expected);
}

#[test]
fn what_the_client_makes_of_a_type_that_says_what_arrives_is_its_own() {
    check(
        "interface OrderDto { id: number; number: string; total: string; placed: string; paid: string }
        interface Order { id: number; number: string; total: number; placed: Date; paid: string }",
        &["OrderDto.paid OtherKind", "Order.paid OtherKind"],
    );
}

#[test]
fn all_serializers_of_a_model_count() {
    let more = format!(
        "{SERIALIZERS}
class OrderListSerializer(serializers.ModelSerializer):
    total = serializers.FloatField()
    note = serializers.CharField(default='')
    more = serializers.CharField()
    class Meta:
        model = Order
        fields = ['id', 'number', 'total', 'more']
"
    );
    let types = "interface Order { id: number; number: string; total: number; paid: boolean; more: string }";
    assert_eq!(differences(&[("web/types.ts", types)], &more), [""; 0]);
}

#[test]
fn hostile_types_end() {
    check("interface A extends B {} interface B extends A {} type Order = Order & Order & { id: number };", &[]);
    check(
        "interface Order extends Order { id: number; number: string; total: number; parent: Order }",
        &["Order.total DecimalAsNumber", "Order.parent NeverSent"],
    );
    let levels: String = (0..40).map(|at| format!("type T{at} = T{} | T{};", at + 1, at + 1)).collect();
    check(&format!("{levels} interface Order {{ id: T0; number: string; total: T0 }}"), &[]);
    let bases: String = (0..40).map(|at| format!("type U{at} = U{} & U{};", at + 1, at + 1)).collect();
    check(&format!("{bases} type Order = U0;"), &[]);
}
