"""Where Django's admin finds the registers."""

from django.contrib import admin

from annotator.desk import chronicle, files, people, readings, studies, texts, work

REGISTERS = (chronicle, files, people, readings, studies, texts, work)

admin.site.site_header = "The desk"
admin.site.site_title = "Desk"
admin.site.index_title = "What the studies hold"
