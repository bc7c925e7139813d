"""The tables of the vocabulary."""

from vocab import extensions, terms


def test_activity_types():
    """AP-031: the twenty-eight, and the two they all are."""
    assert len(terms.ACTIVITY_TYPES) == 30


def test_supertypes_end_at_object_or_link():
    """AP-034: every type is a kind of Object or of Link, by a path without circles."""
    for name in terms.KNOWN_TYPES - {"Object", "Link"}:
        assert terms.supertypes(name)[-1] in ("Object", "Link")
    assert terms.supertypes("Question") == ("IntransitiveActivity", "Activity", "Object")
    assert terms.supertypes("Page") == ("Document", "Object")
    assert terms.supertypes("OrderedCollectionPage") == ("OrderedCollection", "Collection", "Object")


def test_property_tables_do_not_overlap():
    """AP-035, AP-036: a property holds nodes or literals, and the finer tables are parts of these."""
    assert not terms.OBJECT_PROPERTIES & terms.LITERAL_PROPERTIES
    assert terms.FUNCTIONAL - {"id"} <= terms.PROPERTIES
    assert terms.ALWAYS_ARRAYS <= terms.OBJECT_PROPERTIES
    assert set(terms.AUDIENCE) <= terms.OBJECT_PROPERTIES


def test_extensions_name_known_prefixes():
    """AP-038, AP-039: each entry can be written with a prefix we declare, and clashes with no normative term."""
    for term, definition in (extensions.EXTENSIONS | extensions.KEPT).items():
        value = definition["@id"] if isinstance(definition, dict) else definition
        assert (
            value.startswith(("as:", "https://w3id.org/fep/", "https://purl.archive.org/socialweb/"))
            or value.partition(":")[0] in terms.PREFIXES
        )
        assert term not in terms.NORMATIVE
    assert not extensions.EXTENSIONS.keys() & extensions.KEPT.keys()
    assert set(extensions.CONTEXT_OF.values()) <= terms.KNOWN_CONTEXTS
