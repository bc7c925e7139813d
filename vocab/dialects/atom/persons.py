"""Persons (Atom §3.5)."""

from xml.etree.ElementTree import Element

from vocab.dialects.as1.types import PERSON
from vocab.dialects.atom.names import ACTIVITY, ATOM, MEDIA, USERS
from vocab.dialects.atom.writing import add, followed, link, text
from vocab.dialects.syndication.items import Person


def author(person: Person) -> Element:
    """Spell an author: a name there always is, a page that can be visited, an address of mail that may be told."""
    root = Element(f"{{{ATOM}}}author")
    add(root, "name", person.name if text(person.name).strip() else "Someone")
    if text(person.email):
        add(root, "email", person.email)
    if followed(person.page):
        add(root, "uri", person.page or "")
    for picture in person.pictures:
        photo = link(root, "photo", picture.url)
        if photo is not None:
            photo.set(f"{{{MEDIA}}}height", str(picture.side))
            photo.set(f"{{{MEDIA}}}width", str(picture.side))
    if person.username:
        add(root, "username", person.username, space=USERS)
    add(root, "object-type", PERSON, space=ACTIVITY)
    return root
