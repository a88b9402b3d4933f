"""The tables as `migrations/` makes them, where types, indexes and constraints stand."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

TABLES = MetaData()
PHOTOS = Table(
    "receipt_screen_photos",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("campaign", Text),
    Column("submission", Text),
    Column("received", Text),
    Column("remembered", Text),
    Column("version", Integer),
    Column("file", LargeBinary),
    Column("pixels", LargeBinary),
    Column("look", LargeBinary),
    Column("paper", LargeBinary),
    Column("flat", Boolean),
    Column("fields", Text),
    Column("text_version", Integer),
    Column("numbers", LargeBinary),
    Column("words", LargeBinary),
)
KEYS = Table(
    "receipt_screen_keys",
    TABLES,
    Column("photo", Integer, primary_key=True),
    Column("kind", Text),
    Column("digest", LargeBinary, primary_key=True),
    Column("confidence", Float),
)
SERIALS = Table(
    "receipt_screen_serials",
    TABLES,
    Column("token", BigInteger, primary_key=True),
    Column("photo", Integer, primary_key=True),
)
PARTIES = Table(
    "receipt_screen_parties",
    TABLES,
    Column("photo", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("digest", LargeBinary),
    Column("received", Text),
)
LINKS = Table(
    "receipt_screen_links",
    TABLES,
    Column("campaign", Text, primary_key=True),
    Column("later", Text, primary_key=True),
    Column("earlier", Text, primary_key=True),
    Column("relation", Text),
)
DISTINCT = Table(
    "receipt_screen_distinct",
    TABLES,
    Column("campaign", Text, primary_key=True),
    Column("one", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    Column("marked", Text),
)
CAMPAIGNS = Table(
    "receipt_screen_campaigns",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("ends", Text),
)
