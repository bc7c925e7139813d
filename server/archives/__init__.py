"""Archives: what an account or an application takes along from one server to another (AP-756, SEC-099)."""

from server.archives.errors import BadArchive
from server.archives.exporting import Export
from server.archives.feedimport import FeedImport
from server.archives.importing import Import
from server.archives.opening import Archive, opened
from server.archives.report import Report

__all__ = ["Archive", "BadArchive", "Export", "FeedImport", "Import", "Report", "opened"]
