import fc from '../../../support/property'
import { ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME } from '../../../../lib/commands/pop'
import { renewedHandle } from '../../../../lib/consumer/pop/renewed-handle'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { type PopExtraInfo, buildExtraInfo, realTopicOf } from '../../../../lib/wire/pop-extra-info'
import { EmulatorSite } from '../../../support/emulator-site'
import { handleOf, pop } from '../../../support/pops'

/** What a consumer does next. Messages are picked among those that it holds, by number. */
type Step =
  | { readonly do: 'send' }
  | { readonly do: 'pop'; readonly count: number; readonly invisibleTime: number }
  | { readonly do: 'ack'; readonly which: number }
  | { readonly do: 'hide'; readonly which: number; readonly ms: number }
  | { readonly do: 'wait'; readonly ms: number }

const ms = fc.integer({ min: 1, max: 8000 })
const which = fc.nat({ max: 20 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('send' as const) }),
  fc.record({ do: fc.constant('pop' as const), count: fc.integer({ min: 1, max: 4 }), invisibleTime: ms }),
  fc.record({ do: fc.constant('ack' as const), which }),
  fc.record({ do: fc.constant('hide' as const), which, ms }),
  fc.record({ do: fc.constant('wait' as const), ms }),
)

/** Acknowledgements that come later than this after the invisible time are too late. */
const BEHIND_MS = 2000

/** Plays a schedule, and checks each pop against what must be hidden then. */
class Play {
  readonly #site: EmulatorSite
  readonly #clock: ManualClock
  /** The last handle of each message that was popped. */
  readonly #held = new Map<string, PopExtraInfo>()
  readonly #done = new Set<string>()
  #sent = 0

  constructor(site: EmulatorSite, clock: ManualClock) {
    this.#site = site
    this.#clock = clock
  }

  async run(what: Step): Promise<void> {
    switch (what.do) {
      case 'send':
        await this.#site.send('Orders', { body: String(this.#sent++), queueId: this.#sent % 2 })
        return
      case 'pop':
        return this.pop(what.count, what.invisibleTime)
      case 'ack':
        return this.#ack(what.which)
      case 'hide':
        return this.#hide(what.which, what.ms)
      case 'wait':
        return this.#clock.advance(what.ms)
    }
  }

  async pop(maxMsgNums: number, invisibleTime: number): Promise<void> {
    const { messages } = await pop(this.#site, 'Orders', { queueId: -1, maxMsgNums, invisibleTime })
    expect(messages.length).toBeLessThanOrEqual(maxMsgNums)
    for (const message of messages) {
      const text = message.text()
      expect(this.#done).not.toContain(text)
      const before = this.#held.get(text)
      if (before !== undefined) expect(this.#clock.now()).toBeGreaterThanOrEqual(before.popTime + before.invisibleTime)
      this.#held.set(text, handleOf(message))
    }
  }

  /** After all times are over, everything that was not acknowledged in time comes, and nothing else. */
  async end(): Promise<void> {
    await this.#clock.advance(60_000)
    this.#held.clear()
    for (let before = -1; before < this.#held.size;) {
      before = this.#held.size
      await this.pop(32, 600_000)
    }
    const expected = Array.from({ length: this.#sent }, (_, i) => String(i)).filter(text => !this.#done.has(text))
    expect([...this.#held.keys()].sort()).toEqual(expected.sort())
  }

  async #ack(picked: number): Promise<void> {
    const found = this.#pick(picked)
    if (found === undefined) return
    const [text, handle] = found
    await this.#site.invoke(ACK_MESSAGE, { header: headerOf(handle) })
    if (this.#clock.now() < handle.popTime + handle.invisibleTime + BEHIND_MS) this.#done.add(text)
    this.#held.delete(text)
  }

  async #hide(picked: number, invisibleTime: number): Promise<void> {
    const found = this.#pick(picked)
    if (found === undefined) return
    const [text, handle] = found
    // To hide what came again already would make two of it, as with real brokers.
    if (this.#clock.now() >= handle.popTime + handle.invisibleTime) return
    const header = { ...headerOf(handle), invisibleTime }
    const reply = await this.#site.invoke(CHANGE_MESSAGE_INVISIBLETIME, { header })
    this.#held.set(text, renewedHandle(handle, reply.header))
  }

  #pick(picked: number): [string, PopExtraInfo] | undefined {
    const held = [...this.#held]
    return held[picked % Math.max(1, held.length)]
  }
}

function headerOf(handle: PopExtraInfo) {
  const topic = realTopicOf(handle.retry, 'Orders', 'billing')
  const { queueId, queueOffset: offset } = handle
  return { consumerGroup: 'billing', topic, queueId, offset, extraInfo: buildExtraInfo(handle) }
}

describe('pops, acknowledgements and changed times in any order', () => {
  it('never show a hidden or acknowledged message, and lose none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async steps => {
        const clock = new ManualClock()
        await using site = await EmulatorSite.start({ clock, topics: { Orders: 2 } })
        const play = new Play(site, clock)
        for (const each of steps) await play.run(each)
        await play.end()
      }),
      { numRuns: 25 },
    )
  })
})
