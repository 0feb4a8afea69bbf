//! Regular expressions of `re_path`, as far as they are paths.

use super::text::{Part, Piece, Text};
use crate::endpoint::ParamKind;

/// How many paths one expression may stand for.
const VARIANTS: usize = 12;
/// How long an expression may be, and how deep its groups.
const LENGTH: usize = 2000;
const DEPTH: u32 = 12;

/// The paths that a regular expression stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paths {
    /// One of them each.
    pub(super) variants: Vec<Vec<Piece>>,
    /// Whether the expression reaches to the end of the path: `$`.
    pub(super) is_closed: bool,
}

/// Reads an expression; one that cannot be read may be anything.
pub(super) fn read(text: &Text) -> Paths {
    let mut variants = vec![Vec::new()];
    let mut is_closed = false;
    for part in &text.0 {
        match part {
            Part::Hole(name) => add(&mut variants, &[vec![Piece::Hole(name.clone())]]),
            Part::Known(known) if known.len() > LENGTH => add(&mut variants, &[vec![Piece::Rest(String::new())]]),
            Part::Known(known) => {
                let mut reader = Reader { rest: known.chars().collect(), at: 0, is_closed: false };
                let found = reader.alternatives(0);
                is_closed = reader.is_closed;
                add(&mut variants, &found);
            }
        }
    }
    Paths { variants, is_closed }
}

/// Appends each of some paths to each of others.
fn add(variants: &mut Vec<Vec<Piece>>, more: &[Vec<Piece>]) {
    if variants.len().saturating_mul(more.len()) > VARIANTS {
        for variant in variants {
            variant.push(Piece::Rest(String::new()));
        }
        return;
    }
    let joined = variants.iter().flat_map(|variant| {
        more.iter().map(|more| {
            let mut variant = variant.clone();
            for piece in more {
                match (variant.last_mut(), piece) {
                    (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(text),
                    _ => variant.push(piece.clone()),
                }
            }
            variant
        })
    });
    *variants = joined.collect();
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    is_closed: bool,
}

/// What was read, before its quantifier.
enum Atom {
    Nothing,
    Char(char),
    /// One character of a class: whether a slash may be one, and what the class allows.
    Class(bool, ParamKind),
    /// A group: its name, its paths, whether it holds only text.
    Group(Option<String>, Vec<Vec<Piece>>),
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += 1;
        next
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let is_there = wanted.chars().enumerate().all(|(offset, it)| self.rest.get(self.at + offset) == Some(&it));
        if is_there {
            self.at += wanted.chars().count();
        }
        is_there
    }

    /// Reads up to the end of a group, or of the expression.
    fn alternatives(&mut self, depth: u32) -> Vec<Vec<Piece>> {
        let mut all = Vec::new();
        let mut current = vec![Vec::new()];
        while let Some(next) = self.peek() {
            match next {
                ')' if depth > 0 => break,
                '|' => {
                    self.at += 1;
                    all.append(&mut current);
                    current.push(Vec::new());
                }
                _ => {
                    let atom = self.atom(depth);
                    let paths = self.quantified(atom);
                    add(&mut current, &paths);
                }
            }
        }
        all.append(&mut current);
        all.truncate(VARIANTS + 1);
        all
    }

    fn atom(&mut self, depth: u32) -> Atom {
        match self.next() {
            None | Some('^') => Atom::Nothing,
            Some('$') => {
                self.is_closed = true;
                Atom::Nothing
            }
            // `robots.txt`: nobody means another character.
            Some('.') if !matches!(self.peek(), Some('*' | '+' | '?' | '{')) => Atom::Char('.'),
            Some('.') => Atom::Class(true, ParamKind::Any),
            Some('\\') => match self.next() {
                Some('d') => Atom::Class(false, ParamKind::Int),
                Some('w') => Atom::Class(false, ParamKind::Slug),
                Some('S' | 'D' | 'W') => Atom::Class(true, ParamKind::Any),
                Some('s') => Atom::Class(false, ParamKind::Any),
                Some('Z' | 'z') => {
                    self.is_closed = true;
                    Atom::Nothing
                }
                Some('A' | 'b' | 'B') | None => Atom::Nothing,
                Some(other) => Atom::Char(other),
            },
            Some('[') => self.class(),
            Some('(') => self.group(depth),
            Some(other) => Atom::Char(other),
        }
    }

    fn class(&mut self) -> Atom {
        let is_negated = self.eat("^");
        let start = self.at;
        let (mut has_slash, mut is_number, mut is_uuid) = (false, true, true);
        let mut is_word = true;
        let (mut has_dash, mut has_letter) = (false, false);
        while let Some(next) = self.next() {
            match next {
                ']' if self.at > start + 1 => break,
                '\\' => match self.next() {
                    Some('d') => {}
                    Some('w') => (is_number, is_uuid) = (false, false),
                    Some('S' | 'D' | 'W') => (has_slash, is_word) = (true, false),
                    Some('/') => has_slash = true,
                    Some('-') => (is_number, has_dash) = (false, true),
                    _ => (is_number, is_uuid, is_word) = (false, false, false),
                },
                '/' => has_slash = true,
                '0'..='9' => {}
                '-' if self.rest.get(self.at) == Some(&']') || self.at == start + 1 => {
                    (is_number, has_dash) = (false, true);
                }
                '-' => {}
                'a'..='f' | 'A'..='F' => (is_number, has_letter) = (false, true),
                'g'..='z' | 'G'..='Z' | '_' => (is_number, is_uuid) = (false, false),
                _ => (is_number, is_uuid, is_word) = (false, false, false),
            }
        }
        if is_negated {
            return Atom::Class(!has_slash, ParamKind::Any);
        }
        let kind = match (is_number, is_uuid, is_word) {
            (true, ..) => ParamKind::Int,
            (_, true, true) if has_dash && has_letter => ParamKind::Uuid,
            (_, _, true) => ParamKind::Slug,
            _ => ParamKind::Any,
        };
        Atom::Class(has_slash, kind)
    }

    fn group(&mut self, depth: u32) -> Atom {
        let mut name = None;
        let mut is_ahead = false;
        if self.eat("?P<") || self.eat("?<") && !matches!(self.peek(), Some('=' | '!')) {
            let mut found = String::new();
            while let Some(next) = self.next().filter(|next| *next != '>') {
                found.push(next);
            }
            name = Some(found);
        } else if self.eat("?") {
            is_ahead = matches!(self.peek(), Some('=' | '!' | '<'));
            while let Some(next) = self.next() {
                if matches!(next, ':' | '=' | '!' | ')') {
                    break;
                }
            }
        } else {
            name = Some(String::new());
        }
        if depth >= DEPTH {
            self.skip_group();
            return Atom::Group(name, vec![vec![Piece::Rest(String::new())]]);
        }
        let was_closed = self.is_closed;
        let inner = self.alternatives(depth + 1);
        self.eat(")");
        if is_ahead {
            self.is_closed = was_closed;
            return Atom::Nothing;
        }
        Atom::Group(name, inner)
    }

    /// Skips the rest of a group that is too deep.
    fn skip_group(&mut self) {
        let mut open = 1;
        while open > 0
            && let Some(next) = self.next()
        {
            match next {
                '\\' => self.at += 1,
                '(' => open += 1,
                ')' => open -= 1,
                _ => {}
            }
        }
    }

    /// Reads the quantifier after an atom.
    fn quantified(&mut self, atom: Atom) -> Vec<Vec<Piece>> {
        let (least, most) = match self.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, 2),
            Some('+') => (1, 2),
            Some('{') => self.count(),
            _ => (1, 1),
        };
        if (least, most) != (1, 1) || self.peek() == Some('{') {
            self.at += 1;
            self.eat("?");
            self.eat("+");
        }
        match atom {
            Atom::Nothing => vec![Vec::new()],
            Atom::Char('/') if least == 0 => vec![vec![Piece::MaybeSlash]],
            Atom::Char(it) if most == 1 && least == 1 => vec![vec![Piece::Text(it.to_string())]],
            Atom::Char(it) if most == 1 => vec![vec![Piece::Text(it.to_string())], Vec::new()],
            Atom::Char(_) => vec![vec![Piece::Param(String::new(), ParamKind::Any)]],
            Atom::Class(true, _) if most > 1 => vec![vec![Piece::Rest(String::new())]],
            Atom::Class(_, kind) => vec![vec![Piece::Param(String::new(), kind)]],
            Atom::Group(name, paths) => {
                let mut paths = named(name.as_deref(), paths);
                if most > 1 && paths != [vec![Piece::Rest(name.clone().unwrap_or_default())]] {
                    paths = vec![repeated(name.unwrap_or_default(), &paths)];
                }
                if least == 0 {
                    paths.push(Vec::new());
                }
                paths
            }
        }
    }

    /// Reads `{2,4}` up to its bracket, as far as it matters whether it is one, none or many.
    fn count(&mut self) -> (u32, u32) {
        let mut inside = String::new();
        while let Some(next) = self.rest.get(self.at + 1).copied().filter(|next| *next != '}') {
            inside.push(next);
            self.at += 1;
        }
        self.at += 1;
        let least = inside.split(',').next().and_then(|it| it.trim().parse::<u32>().ok()).unwrap_or(0);
        (least.min(1), if inside.trim() == "1" || inside == "0,1" { 1 } else { 2 })
    }
}

/// A group stands for its alternatives where they are texts, else for one value.
fn named(name: Option<&str>, paths: Vec<Vec<Piece>>) -> Vec<Vec<Piece>> {
    let Some(name) = name else { return paths };
    let is_text = |path: &Vec<Piece>| path.iter().all(|piece| matches!(piece, Piece::Text(_) | Piece::MaybeSlash));
    if paths.iter().all(is_text) && paths.len() <= 6 {
        return paths;
    }
    if let [only] = paths.as_slice() {
        match only.as_slice() {
            [Piece::Param(_, kind)] => return vec![vec![Piece::Param(name.to_owned(), *kind)]],
            [Piece::Param(inner, kind), Piece::MaybeSlash] if inner.is_empty() => {
                return vec![vec![Piece::Param(name.to_owned(), *kind), Piece::MaybeSlash]];
            }
            _ => {}
        }
    }
    vec![repeated(name.to_owned(), &paths)]
}

/// Several values, or one many times: a segment, or more where a slash may be in it.
fn repeated(name: String, paths: &[Vec<Piece>]) -> Vec<Piece> {
    let has_slash = |piece: &Piece| match piece {
        Piece::Text(text) => text.contains('/'),
        Piece::Rest(_) | Piece::Hole(_) | Piece::MaybeSlash => true,
        Piece::Param(..) => false,
    };
    if paths.iter().flatten().any(has_slash) {
        return vec![Piece::Rest(name)];
    }
    let kinds: Vec<ParamKind> = paths
        .iter()
        .flatten()
        .filter_map(|piece| match piece {
            Piece::Param(_, kind) => Some(*kind),
            _ => None,
        })
        .collect();
    let texts: String = paths
        .iter()
        .flatten()
        .filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let is_hex = kinds.iter().all(|kind| matches!(kind, ParamKind::Int | ParamKind::Uuid));
    let kind = if is_hex && kinds.len() >= 5 && texts.bytes().all(|byte| byte == b'-') {
        ParamKind::Uuid
    } else if kinds.iter().all(|kind| *kind == ParamKind::Int) && texts.is_empty() && !kinds.is_empty() {
        ParamKind::Int
    } else if kinds.iter().all(|kind| *kind != ParamKind::Any) && ParamKind::Slug.accepts(&format!("a{texts}")) {
        ParamKind::Slug
    } else {
        ParamKind::Any
    };
    vec![Piece::Param(name, kind)]
}
