"""Making pictures of pictures: smaller, cut, on a canvas (Feeds §7.5).

``shape`` is what was asked for, ``plan`` the arithmetic of it. To decode is to run code on what strangers sent:
``scaler`` does that, in a process of its own with limits on memory and time (SEC-071); ``studio`` starts it.
"""

from server.pictures.errors import Undecodable
from server.pictures.plan import Plan, plan
from server.pictures.shape import Shape
from server.pictures.studio import TYPES, Studio

__all__ = ["TYPES", "Plan", "Shape", "Studio", "Undecodable", "plan"]
