//! Functions of the project that ask for what they are given.

use std::rc::Rc;

use super::eval::{Around, Eval};
use super::http::Ask;
use super::text;
use super::url::{self, Read};
use super::value::{Closure, FileId, Param, Value};
use crate::script::value::{CallSite, LambdaId, List};

/// How many requests of one wrapper are kept.
const ASKS: usize = 12;

impl Eval<'_, '_> {
    /// Returns what a function of the project asks for when it is given something.
    pub(super) fn wrapper_asks(&self, file: FileId, closure: &Rc<Closure>, args: List, around: Around<'_>) -> Vec<Ask> {
        let sites = self.open_sites(closure.file, closure.id);
        if sites.is_empty() {
            return Vec::new();
        }
        let given = self.args(file, args, around);
        let mut asks = self.given(closure, &sites, given.clone());
        let spot = given.first().and_then(|first| self.url_spot(first)).filter(|(at, _)| *at == file);
        let first = self.values(file).and_then(|(values, _)| values.list(args).first().map(|it| values.span(*it)));
        for ask in &mut asks {
            ask.at = spot.or(first.map(|range| (file, range)));
        }
        asks
    }

    /// Returns what a wrapper asks for when it is given these.
    pub(super) fn given(&self, closure: &Closure, sites: &[CallSite], given: Vec<Value>) -> Vec<Ask> {
        self.called.borrow_mut().insert((closure.file, closure.id));
        let frame = Self::frame_of(closure, Some(given));
        let mut asks: Vec<Ask> = Vec::new();
        for site in sites {
            let inner = self.frame_at(closure.file, site.owner, Some(&frame));
            for ask in self.asks(closure.file, site.expr, inner.as_ref()) {
                if asks.len() < ASKS {
                    asks.push(ask);
                }
            }
        }
        asks
    }

    /// Returns the calls in a function whose URL is one of its parameters.
    pub(super) fn open_sites(&self, file: FileId, lambda: LambdaId) -> Rc<[CallSite]> {
        let key = (file, lambda);
        if let Some(known) = self.opens.borrow().get(&key) {
            // A function that calls itself says nothing about itself.
            return known.clone().unwrap_or_else(|| Rc::from([]));
        }
        self.opens.borrow_mut().insert(key, None);
        let mut found = Vec::new();
        let is_exhausted = self.apart(|| {
            let Some(module) = self.file(file) else { return };
            for site in module.sites(lambda).iter().take(60) {
                let around = self.frame_at(file, site.owner, None);
                let asks = self.asks(file, site.expr, around.as_ref());
                if asks.iter().any(|ask| self.is_open_in(ask, file, lambda)) {
                    found.push(*site);
                }
            }
        });
        let found: Rc<[CallSite]> = Rc::from(found);
        if is_exhausted {
            self.opens.borrow_mut().remove(&key);
        } else {
            self.opens.borrow_mut().insert(key, Some(found.clone()));
        }
        found
    }

    fn is_open_in(&self, ask: &Ask, file: FileId, lambda: LambdaId) -> bool {
        text::texts(&ask.url).iter().any(|it| match url::read(it, &|param| self.may_be_path(param)) {
            Read::Open(param, _) => param.file == file && param.lambda == lambda,
            _ => false,
        })
    }

    /// Returns whether a parameter may hold a whole path; what a constructor is given does not.
    pub(super) fn may_be_path(&self, param: &Param) -> bool {
        let Some((values, source)) = self.values(param.file) else { return false };
        values.lambda(param.lambda).is_some_and(|it| {
            let is_constructor = it.class.is_some() && it.name.slice(source) == "constructor";
            let kind = it.params.get(param.index as usize).map_or("", |it| it.kind.slice(source));
            let is_text = !param.path.is_empty() || !matches!(kind, "number" | "boolean" | "Date");
            is_text && !is_constructor
        })
    }
}
