//! Templates.

use super::Engine;
use super::call::Args;
use super::frame::Frame;
use super::value::{Place, Value};
use crate::project::ClassRef;
use crate::python::body::ExprId;

impl<'p> Engine<'_, 'p> {
    pub(crate) fn rendered(&mut self, _frame: &mut Frame<'p>, _name: &str, _args: &Args<'p>, _id: ExprId) {}
    pub(crate) fn context(&mut self, _frame: &mut Frame<'p>, _object: &Value<'p>, _class: ClassRef<'p>, _args: &Args<'p>) -> Value<'p> { Value::Unknown }
    pub(crate) fn render_view(&mut self, _frame: &mut Frame<'p>, _class: ClassRef<'p>, _context: &Value<'p>, _place: Place<'p>) {}
}
