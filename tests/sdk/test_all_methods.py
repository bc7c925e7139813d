"""Whatever the SDKs can ask of a server is asked of ours by some test here."""

import inspect
import json
import re
import subprocess
from pathlib import Path

import pytest
from nodesdk import DIRECTORY
from stream.client import StreamClient
from stream.collections.collections import Collections
from stream.feed import Feed
from stream.personalization import Personalization
from stream.reactions import Reactions
from stream.users import Users

HERE = Path(__file__).parent

PYTHON_INNARDS = {
    "get_full_url",
    "get_default_params",
    "get_default_header",
    "get_user_agent",
    "raise_exception",
} | {
    "put",
    "add_to_signature",
    "create_scope_token",
}
"""What asks nothing by itself, or only when another method does."""

JAVASCRIPT_INNARDS = """
    constructor buildURL ref on off send userAgent enrichUrl enrichKwargs getPersonalizationToken getCollectionsToken
    getAnalyticsToken getBaseUrl upload user feed replaceReactionOptions shouldUseEnrichEndpoint getFayeAuthorization
    getFayeClient request handleResponse doAxiosRequest flagUser _throwMissingApiSecret _validateToTargetInput
    _convertTargetFeeds
"""

LIST = """
import('getstream').then((sdk) => {
  const client = sdk.connect('key', 'secret', '1');
  const { collections, reactions, files, images, personalization, auditLogs } = client;
  const entry = collections.entry('food', 'burger', {});
  const all = [client, client.feed('user', '1'), client.user('1'), entry, collections, reactions, files, images];
  const methods = [...all, personalization, auditLogs].flatMap((one) =>
    [...Object.getOwnPropertyNames(Object.getPrototypeOf(one)), ...Object.keys(one)].filter(
      (name) => typeof one[name] === 'function',
    ),
  );
  console.log(JSON.stringify(methods));
  process.exit();
});
"""


def source(pattern: str) -> str:
    return "\n".join(
        path.read_text() for path in sorted(HERE.glob(pattern)) if path.name != Path(__file__).name
    )


@pytest.mark.parametrize("sdk", [StreamClient, Feed, Users, Collections, Reactions, Personalization])
def test_the_python_sdk(sdk):
    """Feeds §13: method by method, in the modules about that SDK."""
    text = source("*python*.py") + source("application.py")
    public = [name for name, _ in inspect.getmembers(sdk, inspect.isfunction) if not name.startswith("_")]
    assert public
    assert not [name for name in public if name not in PYTHON_INNARDS and not re.search(rf"\.{name}\b", text)]


def test_the_javascript_sdk(node):
    """Feeds §13: what its objects have, as they are made."""
    text = source("*javascript*.py") + source("test_connecting.py")
    done = subprocess.run(
        ["node", "-e", LIST], cwd=DIRECTORY, capture_output=True, text=True, timeout=30, check=True
    )
    public = set(json.loads(done.stdout)) - set(JAVASCRIPT_INNARDS.split())
    assert len(public) > 40
    assert not sorted(name for name in public if not re.search(rf"\.{name}\b", text))
