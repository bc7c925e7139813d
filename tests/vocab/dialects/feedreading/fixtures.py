"""Feeds as the programs of the world write them, made up from what is known of their shapes."""

from pathlib import Path

FEEDS = Path(__file__).parents[3] / "vectors" / "feeds"

AS1 = (FEEDS / "as1.json").read_text()
AS2 = (FEEDS / "as2.json").read_text()
ATOM03 = (FEEDS / "atom03.atom").read_text()
CONFLUENCE = (FEEDS / "confluence.atom").read_text()
GITHUB = (FEEDS / "github.atom").read_text()
JIRA = (FEEDS / "jira.atom").read_text()
JSONFEED = (FEEDS / "jsonfeed.json").read_text()
MASTODON = (FEEDS / "mastodon.rss").read_text()
RSS091 = (FEEDS / "rss091.rss").read_text()
RSS10 = (FEEDS / "rss10.rss").read_text()
WORDPRESS = (FEEDS / "wordpress.rss").read_text()
YOUTUBE = (FEEDS / "youtube.atom").read_text()
