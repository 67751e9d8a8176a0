import type { PublishHello, PublishRefusal } from '@chunbo/contract/publish'
import type { RefusalCode } from '../ingest-refusals.ts'
import type { IngestSink } from '../ingest-sink.ts'
import type { PublishLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import type { OpenPublishAnswer, PublishSession } from './publish-session.ts'

/** Who publishes where, as the caller has made sure. */
export interface BrowserPublisher {
  roomId: number
  userId: number
  /** A lively publisher of the room gives way to this one. */
  takeover?: boolean
  /** Why this one may not publish after all, to be told over the open socket: a page sees no other words. */
  refusal?: PublishRefusal | null
}

/** One browser on air, over any number of sockets. */
interface Publication {
  key: string
  sink: IngestSink
  /** The socket that feeds it; null while its publisher is waited for. */
  session: PublishSession | null
  brokenAtMs: number
}

/** Why the hub ended an ingest, in words for its publisher. */
const evictions: Readonly<Record<string, PublishRefusal>> = {
  stalled: 'taken_over',
  taken_over: 'taken_over',
  ended: 'ended',
  key_changed: 'interrupted',
  closing: 'interrupted',
}

/** Why the hub let nobody in, in words for its publisher. */
const refusals: Partial<Record<RefusalCode, PublishRefusal>> = {
  already_publishing: 'busy',
  taken_over: 'taken_over',
  streams_full: 'full',
  show_too_long: 'ended',
}

export interface PublicationsOptions {
  hub: Pick<LiveHub, 'openIngest'>
  limits: PublishLimits
  now: () => number
}

/**
 * Publishes that outlive their sockets. Invariant: a publisher (room, user and the secret of its hello) has at most one open sink, and at
 * most one socket feeds it. A phone that changes its network opens a new socket and takes over from the old one at once, whether or not
 * anybody has noticed that the old one is dead; the sink, the stream's clock and the show go on.
 */
export class Publications {
  readonly #options: PublicationsOptions
  readonly #open = new Map<string, Publication>()
  /** Publishers whose sink is being opened. */
  readonly #opening = new Set<string>()

  constructor(options: PublicationsOptions) {
    this.#options = options
  }

  /** @throws when the storage cannot be read */
  async open(grant: BrowserPublisher, hello: PublishHello, session: PublishSession): Promise<OpenPublishAnswer> {
    if (grant.refusal) return { kind: 'refused', code: grant.refusal }
    const key = `${grant.roomId}/${grant.userId}/${hello.session}`
    const known = this.#open.get(key)
    if (known) {
      const before = known.session
      known.session = session
      before?.dismiss('taken_over')
      return { kind: 'opened', sink: this.#sinkOf(known), resumed: true }
    }
    if (this.#opening.has(key)) return { kind: 'refused', code: 'interrupted' }
    this.#opening.add(key)
    try {
      return await this.#openNew(key, grant, hello, session)
    } finally {
      this.#opening.delete(key)
    }
  }

  /** A socket has gone without a word: its publisher is waited for. */
  broke(session: PublishSession): void {
    for (const publication of this.#open.values()) {
      if (publication.session !== session) continue
      publication.session = null
      publication.brokenAtMs = this.#options.now()
    }
  }

  /** Gives up publishers that did not come back; to be called about four times a second. */
  tick(): void {
    const { now, limits } = this.#options
    for (const publication of [...this.#open.values()]) {
      if (publication.session === null && now() - publication.brokenAtMs > limits.resumeMs) {
        this.#end(publication, 'disconnected')
      }
    }
  }

  close(): void {
    for (const publication of [...this.#open.values()]) {
      const { session } = publication
      this.#end(publication, 'closing')
      session?.dismiss('interrupted')
    }
  }

  async #openNew(
    key: string,
    { roomId, userId, takeover = false }: BrowserPublisher,
    hello: PublishHello,
    session: PublishSession,
  ): Promise<OpenPublishAnswer> {
    let publication: Publication | null = null
    const answer = await this.#options.hub.openIngest({
      roomId,
      protocol: 'webcodecs',
      takeover,
      // Whoever was taken over does not take the show back by coming again by itself.
      peer: `browser ${userId} ${hello.session}`,
      onEvicted: (reason) => {
        if (!publication) return
        this.#open.delete(key)
        publication.session?.dismiss(evictions[reason] ?? 'interrupted')
      },
    })
    if (answer.kind === 'refused') {
      return { kind: 'refused', code: refusals[answer.refusal.code] ?? 'interrupted' }
    }
    answer.stream.nameEncoder(hello.encoder)
    // The socket may have broken while the hub was asked, and then nobody else would notice.
    publication = { key, sink: answer.sink, session: session.closed ? null : session, brokenAtMs: this.#options.now() }
    this.#open.set(key, publication)
    return { kind: 'opened', sink: this.#sinkOf(publication), resumed: false }
  }

  /** The sink as a session sees it: to end it is to end the publication. */
  #sinkOf(publication: Publication): IngestSink {
    return { ...publication.sink, end: (reason) => this.#end(publication, reason) }
  }

  #end(publication: Publication, reason: string): void {
    if (this.#open.get(publication.key) === publication) this.#open.delete(publication.key)
    publication.sink.end(reason)
  }
}
