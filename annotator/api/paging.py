"""Lists in pages: {"count", "next", "previous", "results"}; by cursor where tables grow."""

from rest_framework.pagination import CursorPagination, PageNumberPagination


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class Cursor(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
    ordering = "id"


class NewestFirst(Cursor):
    ordering = "-id"
