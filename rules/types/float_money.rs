//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::{FieldKind, ModelId, Models};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds amounts of money that are stored as floating-point numbers.
    ///
    /// A float cannot hold 0.1: sums are off by a cent sooner or later, equality fails, and the books do not balance.
    ///
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Invoice(models.Model):
    ///     total_price = models.FloatField()
    /// ```
    /// ```python good path=shop/models.py
    /// from django.db import models
    ///
    /// class Invoice(models.Model):
    ///     total_price = models.DecimalField(max_digits=12, decimal_places=2)
    /// ```
    ///
    /// A name tells: `price`, `salary`, `fee`; `amount`, `total`, `balance` and the like where the model is called after
    /// money too (`Payment.amount`) or has a currency.
    ///
    /// Not flagged: rates, percentages, ratios, scores and counts (`fee_percent`, `price_factor`).
    pub(crate) const RULE = {
        code: "types/float-money",
        summary: "money stored as a floating-point number",
        check: Check::Project { run: check },
        scope: Scope::Project,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        follows_values: true,
    }
}

/// Words that are money wherever they stand.
const MONEY: &[&str] = &[
    "price", "prices", "fee", "fees", "salary", "wage", "wages", "payroll", "revenue", "subtotal", "tuition", "payout",
    "refund", "rent", "cost", "costs", "payment", "paid", "usd", "eur", "money", "budget", "deposit", "donation",
];

/// Words that are money where the model deals with it.
const MAYBE: [&str; 12] =
    ["amount", "total", "balance", "due", "discount", "tax", "gross", "net", "charge", "bonus", "deduction", "income"];

/// Words of models that deal with money.
const DEALS: &[&str] = &[
    "Payment",
    "Invoice",
    "Order",
    "Transaction",
    "Expense",
    "Payroll",
    "Bill",
    "Billing",
    "Salary",
    "Donation",
    "Refund",
    "Subscription",
    "Wallet",
    "Account",
    "Purchase",
    "Sale",
    "Fee",
    "Price",
    "Payslip",
    "Checkout",
    "Cart",
    "Quote",
    "Ledger",
    "Receipt",
    "Loan",
    "Budget",
];

/// Words of what is measured, not paid.
const MEASURE: &[&str] = &[
    "percent",
    "percentage",
    "pct",
    "rate",
    "ratio",
    "score",
    "weight",
    "factor",
    "count",
    "hours",
    "hour",
    "minutes",
    "seconds",
    "time",
    "days",
    "index",
    "probability",
    "per",
    "multiplier",
    "share",
    "distance",
    "energy",
    "function",
    "average",
    "change",
    "normalized",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let models = model.models();
    let mut seen = BTreeSet::new();
    for (id, owner) in models.all() {
        for field in models.fields(id) {
            let is_float = field.kind == FieldKind::Column && field.column == "FloatField";
            let Some((path, range)) = field.place.filter(|_| is_float && is_money(models, id, &field.name)) else {
                continue;
            };
            // A child has the fields of its base.
            let is_own = owner.class.is_some_and(|class| {
                let facts = model.python(class.path).and_then(|facts| facts.class(class.id));
                class.path == path && facts.is_some_and(|facts| facts.range.contains(range))
            });
            if !is_own || !seen.insert((path, range)) {
                continue;
            }
            let message = format!("`{}.{}` is money in a `FloatField`", owner.name, field.name);
            ctx.report(path, range, message)
                .help("store it in a `DecimalField(max_digits=12, decimal_places=2)`, or as a whole number of cents");
        }
    }
}

fn is_money(models: &Models<'_>, id: ModelId, name: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    if words.iter().any(|word| MEASURE.contains(word)) {
        return false;
    }
    let deals = || {
        let owner = &models.get(id).name;
        DEALS.iter().any(|word| owner.contains(word)) || models.fields(id).any(|field| field.name.contains("currency"))
    };
    words.iter().any(|word| MONEY.contains(word)) || words.iter().any(|word| MAYBE.contains(word)) && deals()
}
