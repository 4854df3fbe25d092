import type { Changes } from '../../support/until'

/** What a `JavaPeer` prints of a command, a JSON object a line. */
export type JavaLine = Readonly<Record<string, unknown>> & { readonly id: string; readonly event: string }

/** How a group shares its queues; `test/contract/java/Strategies.java` says what they are there. */
export type JavaStrategy =
  'AVG' | 'AVG_BY_CIRCLE' | 'CONSISTENT_HASH' | 'MACHINE_ROOM' | 'MACHINE_ROOM_NEARBY' | `CONFIG:${string}`

export interface JavaReaderOptions {
  readonly group: string
  /** Default `*`. */
  readonly expression?: string
  /**
   * `retry` gives every message back for a second; `pop`, from 5.0, gets its messages as the broker says, and gives those
   * with tag `again` back once; default `concurrent`.
   */
  readonly mode?: 'concurrent' | 'orderly' | 'retry' | 'reply' | 'pop'
  /** Default `AVG`. */
  readonly strategy?: JavaStrategy
  /** Told of each line. */
  readonly changes?: Changes
}

/** A message as a Java listener sees it. */
export interface JavaMessage {
  /** When the listener was called, ms since 1970. */
  readonly at: number
  readonly topic: string
  readonly msgId: string
  readonly offsetMsgId: string
  readonly brokerName: string
  readonly queueId: number
  readonly queueOffset: number
  readonly reconsumeTimes: number
  readonly properties: Readonly<Record<string, string>>
  /** Base64. */
  readonly body: string
  /** All else that Java tells, under the names of `MessageExt`. */
  readonly [field: string]: unknown
}

/** A push consumer in a `JavaPeer`. */
export class JavaReader {
  readonly messages: JavaMessage[] = []
  /** Its queues of the topic, as `BROKER:ID`. */
  queues: readonly string[] = []
  /** Empty until it is started. */
  clientId = ''
  ended = false
  #error: string | undefined

  constructor(
    readonly id: string,
    readonly changes: Changes,
    readonly tellStop: () => void,
  ) {}

  get texts(): string[] {
    return this.messages.map(({ body }) => Buffer.from(body, 'base64').toString())
  }

  /** For the lines of its command. */
  take({ event, ...line }: JavaLine): void {
    switch (event) {
      case 'started':
        this.clientId = String(line.clientId)
        break
      case 'message':
        this.messages.push(line as unknown as JavaMessage)
        break
      case 'queues':
        this.queues = String(line.queues).split(' ').filter(Boolean)
        break
      default:
        this.ended = true
        this.queues = []
        if (event === 'failed') this.#error = String(line.error)
    }
    this.changes.notify()
  }

  /** Resolves with the messages once `count` have come. */
  async first(count: number): Promise<JavaMessage[]> {
    const what = (): string =>
      `${count} messages in Java; with ${this.queues.length} queues there came ${this.texts.join(', ') || 'none'}`
    await this.changes.until(() => this.messages.length >= count || this.ended, { what })
    this.throwIfFailed()
    return this.messages.slice(0, count)
  }

  /** Resolves once it has left its group, with all that it was handling done. */
  async stop(): Promise<void> {
    if (!this.ended) this.tellStop()
    await this.changes.until(() => this.ended, { what: 'the end of a Java consumer' })
    this.throwIfFailed()
  }

  throwIfFailed(): void {
    if (this.#error !== undefined) throw new Error(`Java consumer: ${this.#error}`)
  }
}
