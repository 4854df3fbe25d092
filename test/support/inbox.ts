import type { ConsumeContext, MessageExt } from '../../lib/index'
import type { Changes } from './until'

/** Keeps what a consumer receives, in the order of arrival. */
export class Inbox {
  readonly messages: MessageExt[] = []
  readonly #changes: Changes

  constructor(changes: Changes) {
    this.#changes = changes
  }

  /** A listener for `consumeEach`, and for others to call. */
  readonly take = (message: MessageExt, _context?: ConsumeContext): void => {
    this.messages.push(message.copy())
    this.#changes.notify()
  }

  get texts(): string[] {
    return this.messages.map(message => message.text())
  }

  /** The bodies that have come, each once. */
  get distinct(): Set<string> {
    return new Set(this.texts)
  }

  /** Resolves with the messages once `count` have come. */
  async first(count: number, withinMs?: number): Promise<MessageExt[]> {
    const what = (): string => `${count} messages; ${this.messages.length} came: ${this.texts.slice(0, 20).join(', ')}`
    await this.#changes.until(() => this.messages.length >= count, { what, ...(withinMs && { withinMs }) })
    return this.messages.slice(0, count)
  }

  /** Resolves with the message of a body once it has come for the `nth` time. */
  async text(text: string, { nth = 1, withinMs = 30_000 } = {}): Promise<MessageExt> {
    const found = (): MessageExt[] => this.messages.filter(message => message.text() === text)
    const what = (): string => `'${text}' for the ${nth}. time; there came: ${this.texts.slice(0, 20).join(', ')}`
    await this.#changes.until(() => found().length >= nth, { what, withinMs })
    return found()[nth - 1] as MessageExt
  }
}
