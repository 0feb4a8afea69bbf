from django.db import models


class Order(models.Model):
    email = models.EmailField()
    receipt = models.FileField(upload_to="receipts")

    def __str__(self):
        return self.email
