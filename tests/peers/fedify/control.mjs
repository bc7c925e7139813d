/** The tests' side: `POST /say` does something in an actor's name, the rest tells what the site has got and knows. */

import { verifyObject } from "@fedify/fedify";
import {
  Activity,
  Announce,
  Create,
  Delete,
  Follow,
  isActor,
  Like,
  Note,
  PUBLIC_COLLECTION,
  Tombstone,
  Undo,
  Update,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

const REACTIONS = { Announce, Follow, Like };

export class Control {
  constructor(site) {
    this.site = site;
    this.said = new Map();
    this.routes = {
      "GET /actor": ({ name }) => ({ id: this.context().getActorUri(name).href }),
      "GET /received": () => this.site.received,
      "GET /posts": () => this.site.posts,
      "GET /followers": ({ name }) => [...this.site.followersOf(name).keys()],
      "GET /look": ({ as, iri }) => this.look(as, iri),
      "GET /verify": ({ iri }) => this.verify(iri),
      "POST /refuse": ({ forms }) => void (this.site.refused = new Set(forms)),
      "POST /say": (order) => this.say(order),
    };
  }

  /** Answer one order of a test: a JSON body or the query, and JSON back. */
  async fetch(request) {
    const url = new URL(request.url);
    const route = this.routes[`${request.method} ${url.pathname}`];
    if (route === undefined) return Response.json({ error: "no such order" }, { status: 404 });
    const order = request.method === "POST" ? await request.json() : Object.fromEntries(url.searchParams);
    return Response.json((await route(order)) ?? null);
  }

  context() {
    return this.site.context();
  }

  /** Read a document with an actor's signature, as this implementation understands it. */
  async look(as, iri) {
    const context = this.context();
    const documentLoader = await context.getDocumentLoader({ identifier: as });
    const found = await context.lookupObject(iri, { documentLoader });
    return found && (await found.toJsonLd(context));
  }

  /** Verify the integrity proof of the activity another server serves at an IRI. */
  async verify(iri) {
    const context = this.context();
    const { document } = await context.documentLoader(iri);
    const { documentLoader, contextLoader } = context;
    const found = await verifyObject(Activity, document, { documentLoader, contextLoader });
    return { verified: found !== null, proofs: document.proof === undefined ? 0 : [document.proof].flat().length };
  }

  /** Make an activity of `{as, type, object, to, content, inReplyTo}`, send it to `to` and return it. */
  async say({ as, type, to, ...members }) {
    const context = this.context();
    const recipients = await this.actors(context, as, to);
    const activity = this.make(context, as, type, recipients, members);
    this.said.set(activity.id.href, activity);
    await context.sendActivity({ identifier: as }, recipients, activity);
    return activity.toJsonLd(context);
  }

  async actors(context, as, iris) {
    const documentLoader = await context.getDocumentLoader({ identifier: as });
    const found = await Promise.all(iris.map((iri) => context.lookupObject(iri, { documentLoader })));
    const strangers = iris.filter((_iri, place) => !isActor(found[place]));
    if (strangers.length > 0) throw new Error(`no actors: ${strangers}`);
    return found;
  }

  make(context, as, type, recipients, { object, content, inReplyTo }) {
    const actor = context.getActorUri(as);
    const audience = { tos: [PUBLIC_COLLECTION], ccs: recipients.map((one) => one.id) };
    const head = { id: new URL(`#${type.toLowerCase()}/${crypto.randomUUID()}`, actor), actor };
    if (type in REACTIONS) {
      const shared = type === "Announce" ? audience : {};
      return new REACTIONS[type]({ ...head, ...shared, object: new URL(object) });
    }
    if (type === "Undo") return new Undo({ ...head, object: this.said.get(object) });
    if (type === "Delete") {
      this.site.objects.delete(object);
      return new Delete({ ...head, ...audience, object: new Tombstone({ id: new URL(object) }) });
    }
    const note = this.note(context, actor, audience, { object, content, inReplyTo });
    const kind = type === "Update" ? Update : Create;
    return new kind({ ...head, ...audience, object: note });
  }

  /** Make a note, or a new version of the one named, and keep it to be fetched. */
  note(context, actor, audience, { object, content, inReplyTo }) {
    const now = Temporal.Now.instant();
    const earlier = this.site.objects.get(object);
    const note = earlier
      ? earlier.clone({ content, updated: now })
      : new Note({
          id: context.getObjectUri(Note, { id: crypto.randomUUID() }),
          attribution: actor,
          content,
          published: now,
          replyTarget: inReplyTo && new URL(inReplyTo),
          ...audience,
        });
    this.site.objects.set(note.id.href, note);
    return note;
  }
}
