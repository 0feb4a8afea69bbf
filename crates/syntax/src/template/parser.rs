//! From tokens to nodes, with a stack of open tags instead of recursion.

use rustc_hash::FxHashMap;

use super::expression::{expression, filters_only, is_jinja};
use super::lexer::{Kind, Token, name, tokens};
use super::tags::Header;
use super::{Arg, Binding, FilterExpr, MAX_DEPTH, Node, Template};
use arrears_core::text::TextRange;

/// Tags that say nothing about values.
const SILENT: [&str; 6] = ["load", "csrf_token", "debug", "templatetag", "lorem", "resetcycle"];
/// Tags that are as good as not there: their bodies count.
const TRANSPARENT: [&str; 3] = ["spaceless", "autoescape", "localize"];
/// Tags that always have an end.
const BLOCKS: [&str; 20] = [
    "for",
    "if",
    "ifequal",
    "ifnotequal",
    "ifchanged",
    "with",
    "block",
    "blocktranslate",
    "blocktrans",
    "partialdef",
    "filter",
    "cache",
    "language",
    "localtime",
    "timezone",
    "spaceless",
    "autoescape",
    "localize",
    "comment",
    "verbatim",
];

/// A tag that waits for its end.
struct Open<'t> {
    name: &'t str,
    /// None where its nodes belong to the tag around it.
    head: Option<Head>,
}

/// What becomes a node when the end is met.
enum Head {
    For { targets: Vec<String>, iter: FilterExpr, reversed: bool, body: Option<Vec<Node>>, range: TextRange },
    If { branches: Vec<(Vec<FilterExpr>, Vec<Node>)>, operands: Option<Vec<FilterExpr>> },
    IfChanged { watched: Vec<FilterExpr>, body: Option<Vec<Node>> },
    With { bindings: Vec<Binding> },
    Block { name: String, range: TextRange },
    BlockTranslate { bindings: Vec<Binding>, as_name: Option<String> },
    PartialDef { name: String, inline: bool },
    Tag { name: String, args: Vec<Arg>, as_name: Option<String>, range: TextRange },
}

pub(super) struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    open: Vec<Open<'t>>,
    /// How many tags of a name are open.
    open_names: FxHashMap<&'t str, usize>,
    /// The nodes of the file, and of each open tag that has a head.
    bodies: Vec<Vec<Node>>,
    has_errors: bool,
    is_jinja: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (tokens, has_errors) = tokens(text);
        Self {
            tokens,
            open: Vec::new(),
            open_names: FxHashMap::default(),
            bodies: vec![Vec::new()],
            has_errors,
            is_jinja: false,
        }
    }

    pub(super) fn run(mut self) -> Template {
        let tokens = std::mem::take(&mut self.tokens);
        let has_end = find_ends(&tokens);
        for (token, has_end) in tokens.into_iter().zip(has_end) {
            self.is_jinja |= trims_space(token.content.text);
            match token.kind {
                Kind::Variable => self.variable(token),
                Kind::Tag => self.tag(token, has_end),
            }
        }
        self.has_errors |= !self.open.is_empty();
        while !self.open.is_empty() {
            self.close();
        }
        let nodes = self.bodies.pop().unwrap_or_default();
        Template { nodes, has_errors: self.has_errors, is_jinja: self.is_jinja }
    }

    fn variable(&mut self, token: Token<'t>) {
        match expression(token.content) {
            Some(read) => self.push(Node::Variable(read)),
            None => {
                self.has_errors = true;
                self.is_jinja |= is_jinja(token.content.text);
            }
        }
    }

    fn tag(&mut self, token: Token<'t>, has_end: bool) {
        let name = name(token.content.text);
        if let Some(opened) = name.strip_prefix("end") {
            if self.open_names.get(opened).is_some_and(|count| *count > 0) {
                return self.close_to(opened);
            }
            if BLOCKS.contains(&opened) {
                self.has_errors = true;
                return;
            }
        }
        let mut header = Header::new(token);
        match name {
            _ if SILENT.contains(&name) => {}
            "" => self.has_errors = true,
            "else" | "elif" | "empty" | "plural" => self.branch(name, &mut header),
            "set" | "macro" | "import" | "from" | "call" => {
                self.is_jinja = true;
                self.custom(name, &mut header, has_end);
            }
            _ if BLOCKS.contains(&name) => {
                let head = block_head(name, &mut header, token);
                self.open(name, head);
            }
            _ => match leaf(name, &mut header) {
                Leaf::Node(node) => self.push(*node),
                Leaf::Unread => self.has_errors = true,
                Leaf::Unknown => self.custom(name, &mut header, has_end),
            },
        }
        self.has_errors |= header.has_errors;
        self.is_jinja |= header.is_jinja;
    }

    fn custom(&mut self, name: &'t str, header: &mut Header<'t>, has_end: bool) {
        let head = tag_head(name, header);
        if has_end {
            self.open(name, Some(head));
        } else if let Head::Tag { name, args, as_name, range } = head {
            self.push(Node::Simple { name, args, as_name, range });
        }
    }

    /// Begins the next part of the innermost tag, where it has parts.
    fn branch(&mut self, name: &str, header: &mut Header<'t>) {
        let Some(innermost) = self.open.last_mut() else {
            self.has_errors = true;
            return;
        };
        let body = self.bodies.last_mut();
        match (name, &mut innermost.head, body) {
            ("else" | "elif", Some(Head::If { branches, operands }), Some(body)) => {
                match operands.take() {
                    Some(operands) => branches.push((operands, std::mem::take(body))),
                    // A second `{% else %}`: what stands before it counts as well.
                    None => self.has_errors = true,
                }
                *operands = (name == "elif").then(|| header.condition());
            }
            ("else", Some(Head::IfChanged { body: first @ None, .. }), Some(body))
            | ("empty", Some(Head::For { body: first @ None, .. }), Some(body)) => *first = Some(std::mem::take(body)),
            ("plural", Some(Head::BlockTranslate { .. }), _) | (_, Some(Head::Tag { .. }) | None, _) => {}
            _ => self.has_errors = true,
        }
    }

    fn push(&mut self, node: Node) {
        if let Some(body) = self.bodies.last_mut() {
            body.push(node);
        }
    }

    fn open(&mut self, name: &'t str, head: Option<Head>) {
        let head = head.filter(|_| self.bodies.len() < MAX_DEPTH);
        if head.is_some() {
            self.bodies.push(Vec::new());
        }
        self.open.push(Open { name, head });
        *self.open_names.entry(name).or_default() += 1;
    }

    /// Closes the innermost tag of a name; those that are open in it have no end.
    fn close_to(&mut self, name: &str) {
        while let Some(innermost) = self.open.last().map(|it| it.name) {
            self.close();
            if innermost == name {
                return;
            }
            self.has_errors = true;
        }
    }

    fn close(&mut self) {
        let Some(Open { name, head }) = self.open.pop() else { return };
        if let Some(count) = self.open_names.get_mut(name) {
            *count -= 1;
        }
        if let Some(head) = head {
            let body = self.bodies.pop().unwrap_or_default();
            self.push(head.finish(body));
        }
    }
}

impl Head {
    /// Makes the node; `last` is what stands between the last branch and the end.
    fn finish(self, last: Vec<Node>) -> Node {
        match self {
            Self::For { targets, iter, reversed, body, range } => {
                let (body, empty) = two(body, last);
                Node::For { targets, iter, reversed, body, empty, range }
            }
            Self::If { mut branches, operands } => {
                let otherwise = match operands {
                    Some(operands) => {
                        branches.push((operands, last));
                        Vec::new()
                    }
                    None => last,
                };
                Node::If { branches, otherwise }
            }
            Self::IfChanged { watched, body } => {
                let (body, otherwise) = two(body, last);
                Node::IfChanged { watched, body, otherwise }
            }
            Self::With { bindings } => Node::With { bindings, body: last },
            Self::Block { name, range } => Node::Block { name, body: last, range },
            Self::BlockTranslate { bindings, as_name } => Node::BlockTranslate { bindings, body: last, as_name },
            Self::PartialDef { name, inline } => Node::PartialDef { name, inline, body: last },
            Self::Tag { name, args, as_name, range } => Node::Tag { name, args, as_name, body: last, range },
        }
    }
}

/// The body and what follows it, given what was put aside at the branch.
fn two(aside: Option<Vec<Node>>, last: Vec<Node>) -> (Vec<Node>, Vec<Node>) {
    match aside {
        Some(body) => (body, last),
        None => (last, Vec::new()),
    }
}

/// Reads the opening tag of a built-in block.
fn block_head(name: &str, header: &mut Header<'_>, token: Token<'_>) -> Option<Head> {
    let range = token.range;
    Some(match name {
        _ if TRANSPARENT.contains(&name) => return None,
        "for" => {
            let read = header.for_loop()?;
            Head::For { targets: read.targets, iter: read.iter, reversed: read.reversed, body: None, range }
        }
        "if" | "ifequal" | "ifnotequal" => Head::If { branches: Vec::new(), operands: Some(header.condition()) },
        "ifchanged" => Head::IfChanged { watched: header.values().0, body: None },
        "with" => {
            let bindings = header.bindings();
            header.has_errors |= bindings.is_empty() || header.next().is_some();
            Head::With { bindings }
        }
        "block" => Head::Block { name: header.name()?, range },
        "blocktranslate" | "blocktrans" => {
            let (bindings, as_name) = header.translation();
            Head::BlockTranslate { bindings, as_name }
        }
        "partialdef" => {
            Head::PartialDef { name: header.name()?, inline: header.next().is_some_and(|it| it.text == "inline") }
        }
        "filter" => {
            let filters = filters_only(token.content.from(name.len()));
            header.has_errors |= filters.is_none();
            let args = filters.into_iter().map(|it| (None, it)).collect();
            Head::Tag { name: name.to_owned(), args, as_name: None, range }
        }
        _ => tag_head(name, header),
    })
}

fn tag_head(name: &str, header: &mut Header<'_>) -> Head {
    let (args, as_name) = header.arguments();
    Head::Tag { name: name.to_owned(), args, as_name, range: header.range }
}

/// A built-in tag without an end.
enum Leaf {
    Node(Box<Node>),
    /// It is one, but cannot be read.
    Unread,
    /// It is none.
    Unknown,
}

fn leaf(name: &str, header: &mut Header<'_>) -> Leaf {
    let range = header.range;
    let read = match name {
        "include" => header.value().map(|template| {
            let (bindings, only) = header.include_options();
            Node::Include { template, bindings, only, range }
        }),
        "extends" => header.value().map(|template| Node::Extends { template, range }),
        "regroup" => header.regroup().map(|(list, by, name)| Node::Regroup { list, by, name, range }),
        "cycle" => {
            header.drop_silent();
            let (values, as_name) = header.values();
            Some(Node::Cycle { values, as_name })
        }
        "firstof" => {
            let (values, as_name) = header.values();
            Some(Node::FirstOf { values, as_name })
        }
        "url" => header.value().map(|name| {
            let (args, as_name) = header.arguments();
            Node::Url { name, args, as_name, range }
        }),
        "partial" => header.name().map(|name| Node::Partial { name }),
        _ => return Leaf::Unknown,
    };
    read.map_or(Leaf::Unread, |node| Leaf::Node(Box::new(node)))
}

/// Returns whether a tag takes the space beside it away, as `{%- if -%}` and `{{- a -}}` of Jinja2 do.
fn trims_space(content: &str) -> bool {
    let is_number = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    content.strip_prefix(['-', '+']).is_some_and(|rest| !is_number(rest)) || content.ends_with('-')
}

/// For each token, whether it is a tag that has an end further on; each end belongs to the nearest tag before it.
fn find_ends(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut has_end = vec![false; tokens.len()];
    let mut waiting: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Tag) {
        let name = name(token.content.text);
        let opened = name.strip_prefix("end").and_then(|opened| waiting.get_mut(opened)?.pop());
        match opened {
            Some(opened) => has_end[opened] = true,
            None => waiting.entry(name).or_default().push(at),
        }
    }
    has_end
}
