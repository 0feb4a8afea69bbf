//! What is known of columns and indexes.

use super::Project;

const HEAD: &str = "from django.db import models\n";

#[test]
fn facts_of_columns_are_kept() {
    let project = Project::new(&[(
        "shop/models.py",
        &format!(
            "{HEAD}
class Order(models.Model):
    class Status(models.TextChoices):
        OPEN = 'o', 'Open'
        DONE = 'd', 'Done'
    SIZES = [(1, 'small'), (2, 'large'), (3, 'huge')]
    status = models.CharField(choices=Status.choices)
    size = models.IntegerField(choices=SIZES, db_index=True)
    mail = models.EmailField(unique=True)
    owner = models.ForeignKey('auth.User', null=True, db_index=False, on_delete=models.CASCADE)
    kind = models.CharField(choices=kinds())
    class Meta:
        ordering = ['-created', models.F('size').desc()]
        unique_together = ('size', 'mail')
        indexes = [models.Index(fields=['-status', 'size']), models.Index('mail', name='m')]
"
        ),
    )]);
    let model = project.model();
    let models = model.models();
    let id = models.of_label("shop.Order").expect("a model");
    let fact = |name: &str| models.field(id, name).map(|it| (it.null, it.unique, it.db_index, it.choices));
    let facts = ["status", "size", "mail", "owner", "kind"].map(fact);
    let expected = [
        (false, false, false, Some(2)),
        (false, false, true, Some(3)),
        (false, true, true, None),
        (true, false, false, None),
        (false, false, false, Some(0)),
    ];
    assert_eq!(facts, expected.map(Some));
    let order = models.get(id);
    let indexes: Vec<String> = order.indexes.iter().map(|columns| columns.join(" ")).collect();
    assert_eq!(
        (order.ordering.join(" "), indexes.join(", ")),
        ("-created -size".to_owned(), "status size, mail, size mail".to_owned())
    );
}

#[test]
fn indexes_of_a_base_are_taken_over_where_they_are_named() {
    let project = Project::new(&[(
        "shop/models.py",
        &format!(
            "{HEAD}
COMMON = [models.Index(fields=['made'])]
class Base(models.Model):
    class Meta:
        abstract = True
        indexes = COMMON + [models.Index(fields=['code'])]
class Order(Base):
    class Meta(Base.Meta):
        indexes = [*Base.Meta.indexes, models.Index(fields=['size'])]
"
        ),
    )]);
    let model = project.model();
    let models = model.models();
    let order = models.of_label("shop.Order").map(|id| models.get(id).indexes.concat());
    assert_eq!(order, Some(vec!["made".to_owned(), "code".to_owned(), "size".to_owned()]));
}
