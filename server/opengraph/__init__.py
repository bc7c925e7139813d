"""What pages on the web say of themselves: Open Graph, and what stands in for it (Feeds §7.4).

``Previews`` fetches a page and remembers for a while what it said; ``head`` reads its markup and ``card`` says it in
the words of the Feeds API. Nothing of a page is ever shown as markup.
"""

from server.opengraph.errors import NoPreview
from server.opengraph.previews import Previews

__all__ = ["NoPreview", "Previews"]
