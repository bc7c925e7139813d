/** The federated side: actors with two keys each, an inbox that verifies, objects, and a followers collection. */

import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import { Accept, Activity, Endpoints, Follow, Note, Person, Undo } from "@fedify/vocab";

const ALGORITHMS = ["RSASSA-PKCS1-v1_5", "Ed25519"];
const CAVAGE = "draft-cavage-http-signatures-12";

export class Site {
  /** @param origin where it listens  @param firstKnock the form of signature it tries first */
  constructor(origin, firstKnock) {
    this.origin = origin;
    this.keys = new Map();
    this.followers = new Map();
    this.objects = new Map();
    /** What came and was verified, oldest first, as JSON-LD. */
    this.received = [];
    /** Every POST to an inbox: which form its signature had and what it was answered. */
    this.posts = [];
    /** Forms of signature that are refused, to see what the sender does next. */
    this.refused = new Set();
    this.federation = createFederation({
      kv: new MemoryKvStore(),
      origin,
      allowPrivateAddress: true,
      firstKnock,
    });
    this.dispatchActors();
    this.dispatchCollections();
    this.listen();
  }

  /** Answer a request of another server. */
  async fetch(request) {
    const posted = request.method === "POST";
    const form = request.headers.has("signature-input") ? "rfc9421" : CAVAGE;
    if (posted && this.refused.has(form)) {
      this.posts.push({ form, status: 401 });
      return new Response("this form of signature is not known here", { status: 401 });
    }
    const response = await this.federation.fetch(request, { contextData: undefined });
    if (posted) this.posts.push({ form, status: response.status });
    return response;
  }

  /** What a task of our own is done with. */
  context() {
    return this.federation.createContext(new URL(this.origin), undefined);
  }

  dispatchActors() {
    this.federation
      .setActorDispatcher("/actors/{identifier}", async (context, identifier) => {
        const keys = await context.getActorKeyPairs(identifier);
        return new Person({
          id: context.getActorUri(identifier),
          preferredUsername: identifier,
          name: `${identifier} of Fedify`,
          inbox: context.getInboxUri(identifier),
          outbox: context.getOutboxUri(identifier),
          followers: context.getFollowersUri(identifier),
          endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
          publicKey: keys[0].cryptographicKey,
          assertionMethods: keys.map((pair) => pair.multikey),
        });
      })
      .setKeyPairsDispatcher(async (_context, identifier) => {
        if (!this.keys.has(identifier)) {
          this.keys.set(identifier, Promise.all(ALGORITHMS.map((one) => generateCryptoKeyPair(one))));
        }
        return this.keys.get(identifier);
      });
    this.federation.setObjectDispatcher(Note, "/notes/{id}", (context, { id }) =>
      this.objects.get(context.getObjectUri(Note, { id }).href) ?? null,
    );
  }

  dispatchCollections() {
    const everything = (items) => ({ items });
    this.federation.setFollowersDispatcher("/actors/{identifier}/followers", (_context, identifier) =>
      everything([...(this.followers.get(identifier)?.values() ?? [])]),
    );
    this.federation.setOutboxDispatcher("/actors/{identifier}/outbox", () => everything([]));
  }

  /** Keep what is verified; accept who follows and forget who leaves. */
  listen() {
    this.federation
      .setInboxListeners("/actors/{identifier}/inbox", "/inbox")
      .setSharedKeyDispatcher(() => ({ identifier: "instance" }))
      .on(Activity, async (context, activity) => {
        this.received.push(await activity.toJsonLd(context));
        if (activity instanceof Follow) await this.accept(context, activity);
        if (activity instanceof Undo) await this.undo(context, activity);
      });
  }

  async accept(context, follow) {
    const { identifier } = context.parseUri(follow.objectId);
    const follower = await follow.getActor(context);
    this.followersOf(identifier).set(follower.id.href, follower);
    await context.sendActivity(
      { identifier },
      follower,
      new Accept({
        id: new URL(`#accepts/${crypto.randomUUID()}`, context.getActorUri(identifier)),
        actor: context.getActorUri(identifier),
        object: follow,
      }),
    );
  }

  async undo(context, undo) {
    const undone = await undo.getObject(context);
    if (!(undone instanceof Follow)) return;
    const { identifier } = context.parseUri(undone.objectId);
    this.followersOf(identifier).delete(undo.actorId.href);
  }

  followersOf(identifier) {
    if (!this.followers.has(identifier)) this.followers.set(identifier, new Map());
    return this.followers.get(identifier);
  }
}
