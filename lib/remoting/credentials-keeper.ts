import type { FrameContent } from '../commands/command'
import { RocketMQError, asError } from '../errors'
import type { Clock } from '../runtime/clock'
import { type DeadlineOptions, withDeadline } from '../runtime/deadline'
import type { SerializeType } from '../wire/remoting-command'
import { type Credentials, type CredentialsProvider, checkCredentials, expiryOf } from './credentials'
import { RequestSigner } from './request-signer'

/** What a keeper of credentials needs. */
export interface CredentialsKeeperOptions {
  /** Checked already where they are no provider. */
  readonly credentials: Credentials | CredentialsProvider
  readonly clock: Clock
  /** Told of renewals that failed while the keys of before are still good. */
  readonly onRenewalFailed: (error: RocketMQError) => void
}

/** Keys are renewed so long before their end, or when half of their life is over where that is later. */
const RENEW_BEFORE_MS = 300_000
/** A refusal makes keys be asked for anew at most this often: a wrong key must not become a flood of questions. */
const ASK_AGAIN_MS = 10_000
/** A provider that failed is left alone for so long; requests of that time fail with the same error. */
const FAILED_FOR_MS = 1000
/** How long a provider may take. */
const PROVIDER_TIMEOUT_MS = 30_000

interface Keys {
  readonly signer: RequestSigner
  /** All three are monotonic ms. */
  readonly since: number
  readonly renewAt: number
  readonly endsAt: number
}

/**
 * Holds the keys that requests are signed with, and has a provider renew them: before they end, beside the traffic; when
 * they have ended or a server refused them, requests wait for the new ones. It has no timer: heartbeats come often enough.
 */
export class CredentialsKeeper {
  readonly #options: CredentialsKeeperOptions
  readonly #provider: CredentialsProvider | undefined
  #keys: Keys | undefined
  #renewal: Promise<void> | undefined
  #askedAt = -Infinity
  #failure: RocketMQError | undefined
  readonly #closing = new AbortController()

  constructor(options: CredentialsKeeperOptions) {
    this.#options = options
    const { credentials } = options
    if (typeof credentials === 'function') this.#provider = credentials
    else this.#keys = { signer: new RequestSigner(credentials), since: -Infinity, renewAt: Infinity, endsAt: Infinity }
  }

  /** True where requests can be signed now. */
  get isReady(): boolean {
    const keys = this.#keys
    if (keys === undefined) return false
    if (keys.renewAt === Infinity) return true
    const now = this.#options.clock.monotonic()
    if (now >= keys.endsAt) return false
    if (now >= keys.renewAt && this.#mayAsk()) this.#renewBeside()
    return true
  }

  /**
   * Resolves when requests can be signed.
   * @throws RocketMQError CREDENTIALS_FAILED
   */
  async ready(limit: DeadlineOptions): Promise<void> {
    if (!this.isReady) await withDeadline(this.#renew(), limit)
  }

  /** @throws RocketMQError CREDENTIALS_FAILED where there are no keys */
  sign(content: FrameContent, serializeType: SerializeType): FrameContent {
    if (this.#keys === undefined) throw failed('there are none yet')
    return this.#keys.signer.sign(content, serializeType)
  }

  /** To be called when a server did not accept the keys of a request; false where others cannot be had. */
  refused(sentAt: number): boolean {
    if (this.#renewal !== undefined || (this.#keys !== undefined && this.#keys.since > sentAt)) return true
    if (!this.#mayAsk()) return false
    if (this.#keys !== undefined) this.#keys = { ...this.#keys, renewAt: -Infinity, endsAt: -Infinity }
    return true
  }

  /** Waits for the provider no more: nothing is signed any more. */
  end(): void {
    this.#closing.abort(new RocketMQError('ABORTED', 'the client was shut down'))
  }

  #mayAsk(): boolean {
    return this.#provider !== undefined && this.#options.clock.monotonic() - this.#askedAt >= ASK_AGAIN_MS
  }

  #renewBeside(): void {
    void this.#renew().catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#options.onRenewalFailed(error as RocketMQError)
    })
  }

  #renew(): Promise<void> {
    const sinceMs = this.#options.clock.monotonic() - this.#askedAt
    if (this.#failure !== undefined && sinceMs < FAILED_FOR_MS) return Promise.reject(this.#failure)
    this.#renewal ??= this.#ask().finally(() => (this.#renewal = undefined))
    return this.#renewal
  }

  async #ask(): Promise<void> {
    const { clock } = this.#options
    this.#askedAt = clock.monotonic()
    this.#failure = undefined
    try {
      const given = await this.#given()
      const lifeMs = expiryOf(given) - clock.now()
      if (lifeMs <= 0) throw new Error('it gave keys whose time is over')
      const now = clock.monotonic()
      const renewAt = now + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2)
      this.#keys = { signer: new RequestSigner(given), since: now, renewAt, endsAt: now + lifeMs }
    } catch (error) {
      throw (this.#failure = failed(asError(error).message, error))
    }
  }

  async #given(): Promise<Credentials> {
    const asked = (this.#provider as CredentialsProvider)()
    // One that gives its keys at once is a provider, too.
    const given: unknown = await withDeadline(Promise.resolve(asked), {
      clock: this.#options.clock,
      timeoutMs: PROVIDER_TIMEOUT_MS,
      signal: this.#closing.signal,
      onTimeout: () => new Error(`no answer within ${PROVIDER_TIMEOUT_MS} ms`),
    })
    checkCredentials(given)
    return given
  }
}

function failed(reason: string, cause?: unknown): RocketMQError {
  const says = `no request can be signed, as the credentials provider failed: ${reason}`
  return new RocketMQError('CREDENTIALS_FAILED', says, { sent: 'NO', cause })
}
