//! What is read of types, written briefly.

use arrears_core::source::{Language, RelPath, Roles, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::{Declaration, Field, Type};
use crate::extract::extract;
use crate::outline::Interest;

/// Reads a module's types.
fn types(text: &str) -> Vec<Declaration> {
    let source = SourceFile::new(RelPath::new("web/types.ts"), text, Language::TypeScript, Roles::empty());
    let tree = parse::parse(Grammar::TypeScript, text);
    let interest = Interest { bodies: true, ..Interest::none(Grammar::TypeScript) };
    let (facts, _) = extract(&source, &tree, &interest);
    facts.script().map(|script| script.types.clone()).unwrap_or_default()
}

fn brief(value: &Type) -> String {
    let all = |types: &[Type], with: &str| types.iter().map(brief).collect::<Vec<_>>().join(with);
    match value {
        Type::Text => "string".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Date => "Date".to_owned(),
        Type::Null => "null".to_owned(),
        Type::Undefined => "undefined".to_owned(),
        Type::Any => "any".to_owned(),
        Type::Literal(text) => format!("'{text}'"),
        Type::List(element) => format!("{}[]", brief(element)),
        Type::Object(members) => {
            let fields: Vec<String> = members.fields.iter().map(field).collect();
            format!("{{{}{}}}", fields.join(" "), if members.is_open { " *" } else { "" })
        }
        Type::Named(name, args) if args.is_empty() => name.clone(),
        Type::Named(name, args) => format!("{name}<{}>", all(args, ",")),
        Type::ValueOf(name) => format!("typeof {name}"),
        Type::Either(types) => all(types, "|"),
        Type::All(types) => all(types, "&"),
        Type::Function => "()".to_owned(),
        Type::Unknown => "?".to_owned(),
    }
}

fn field(field: &Field) -> String {
    format!("{}{}:{}", field.name, if field.is_optional { "?" } else { "" }, brief(&field.value))
}

fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = types(text).iter().map(|it| format!("{} = {}", it.name, brief(&it.value))).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn interfaces_have_fields_and_bases() {
    check(
        "export interface Order extends Base, Omit<Row, 'id' | \"made\"> {
            readonly id: number;
            note?: string | null;
            'full-name': string;
            lines: Line[];
            tags: Array<string>;
            total(): number;
            [key: string]: unknown;
            made;
        }",
        &[
            "Order = Base&Omit<Row,'id'|'made'>&{id:number note?:string|null full-name:string lines:Line[] tags:string[] total:() made:any *}",
        ],
    );
}

#[test]
fn aliases_are_what_stands_for_them() {
    check(
        "type Status = 'open' | 'done';
        type Order = Base & { status: Status; paid: boolean; on: Date; size: 1 | 2 };
        type Page<T> = { results: readonly T[]; next: string | undefined };
        type Keys = keyof Order;
        type Inferred = z.infer<typeof orderSchema>;
        type Pair = [string, string];
        type Id = `order-${number}`;",
        &[
            "Status = 'open'|'done'",
            "Order = Base&{status:Status paid:boolean on:Date size:number|number}",
            "Page = {results:T[] next:string|undefined}",
            "Keys = ?",
            "Inferred = z.infer<typeof orderSchema>",
            "Pair = string[]",
            "Id = string",
        ],
    );
}

#[test]
fn enums_are_unions_of_their_values() {
    check(
        "enum Status { Open = 'open', Done = 'done' }
        export enum Size { Small, Large = 10 }
        const enum Mixed { A = 'a', B = compute() }",
        &["Status = 'open'|'done'", "Size = number|number", "Mixed = 'a'|?"],
    );
}

#[test]
fn schemas_say_what_arrives() {
    check(
        "const orderSchema = z.object({
            id: z.number().int(),
            name: z.string().min(1).nullable().optional(),
            price: z.coerce.number(),
            status: z.enum(['open', 'done']),
            tags: z.array(z.string()),
            customer: customerSchema.nullish(),
            seen: z.string().transform(Number),
            count,
        });
        const longSchema = orderSchema.omit({ id: true }).extend({ extra: z.boolean().default(false) });
        const other = build({ id: 1 });
        const value = zero.object({});",
        &[
            "orderSchema = {id:number name?:string|null price:? status:'open'|'done' tags:string[] \
             customer?:typeof customerSchema|null seen:? count:?}",
            "longSchema = Omit<typeof orderSchema,'id'>&{extra?:boolean}",
        ],
    );
}

#[test]
fn hostile_types_are_cut_short() {
    let union = format!("type Large = {};", vec!["'a'"; 20_000].join(" | "));
    let Some(Type::Either(members)) = types(&union).pop().map(|it| it.value) else { panic!("no union") };
    assert!(members.len() < 600);
    let deep = format!("type Deep = {}string{};", "Array<".repeat(400), ">".repeat(400));
    assert_eq!(types(&deep).len(), 1);
    let chain = format!("const aSchema = z.object({{}}){};", ".strict()".repeat(3_000));
    assert!(types(&chain).len() <= 1);
    let fields: String = (0..5_000).map(|at| format!("f{at}: string;")).collect();
    let wide = types(&format!("interface Wide {{ {fields} }}")).pop().map(|it| it.value);
    assert!(matches!(wide, Some(Type::Object(members)) if members.is_open && members.fields.len() <= 500));
}

#[test]
fn types_are_read_only_for_rules_that_follow_values() {
    let text = "interface Order { id: number }";
    let source = SourceFile::new(RelPath::new("web/types.ts"), text, Language::TypeScript, Roles::empty());
    let tree = parse::parse(Grammar::TypeScript, text);
    let (facts, _) = extract(&source, &tree, &Interest::none(Grammar::TypeScript));
    assert_eq!(facts.script().map(|script| script.types.len()), Some(0));
}
