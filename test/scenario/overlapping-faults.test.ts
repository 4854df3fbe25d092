import { systemClock } from '../../lib/runtime/clock'
import { seededRandom } from '../soak/seeded-random'
import { contractTarget } from '../contract/real/target'
import { describeOwnCluster } from '../support/cluster'
import { type PairedFault, faultPairs } from '../support/fault-pairs'
import { inOrder } from '../support/in-order'
import { Load } from '../support/load'
import { OrderChecker } from '../support/order-checker'
import type { Site } from '../support/site'
import { Wires } from '../support/wires'

const QUEUES = 4
/** The schedule is another one with another seed, and longer with more pairs; see docs/reliability.md. */
const SEED = Number(process.env.ROCKETWIRE_SEED || 28)
const PAIRS = Number(process.env.ROCKETWIRE_FAULT_PAIRS || (contractTarget() === undefined ? 3 : 2))
/** A fault begins so long after the one that it overlaps, at most. */
const APART_MS = 200
/** Brokers keep the locks of a member whose way of giving them back was cut off. */
const LOCK_MS = 60_000
const SLOW = { delayMs: () => 50, pieceBytes: 100 }

jest.setTimeout(300_000)

/** A group at work, and what can happen to it. */
class Stage {
  readonly load: Load
  readonly order = new OrderChecker()
  readonly #site: Site
  readonly #wires = new Wires()
  readonly #random: (bound: number) => number
  readonly #options: object
  readonly #consumerGroup: string
  readonly #leave: (() => Promise<void>)[] = []
  topic = ''

  constructor(site: Site, random: (bound: number) => number) {
    this.#site = site
    this.#random = random
    this.load = new Load(site)
    site.onEnd(() => this.#wires.close())
    this.#consumerGroup = site.freshGroup()
    this.#options = { advanced: { dialer: this.#wires.dialer }, pollNameServerIntervalMs: 500 }
  }

  async begin(): Promise<void> {
    this.topic = await this.#site.freshTopic(QUEUES)
    await this.#join()
    await this.#join()
    const producer = await this.#site.producer({ ...this.#options, sendTimeoutMs: 5000, retryTimesWhenSendFailed: 5 })
    this.load.start(producer, this.topic, { atATime: 4, mayFail: true })
    await this.load.acknowledged(50)
  }

  /** Resolves when the fault is over. */
  async happen(fault: PairedFault): Promise<void> {
    // All chances are taken before anything is waited for: the same seed gives the same ones.
    const [beginsAfterMs, lastsMs, index] = [this.#random(APART_MS), this.#random(APART_MS), this.#random(2)]
    await systemClock.sleep(beginsAfterMs)
    switch (fault) {
      case 'broker restarts': {
        const broker = this.#site.brokers[index]
        await broker?.kill()
        await systemClock.sleep(lastsMs)
        return broker?.restart()
      }
      case 'connections break':
        this.#wires.weather.cut = { direction: index === 0 ? 'requests' : 'replies', afterBytes: 10 }
        await systemClock.sleep(lastsMs)
        this.#wires.weather.cut = undefined
        return this.#wires.each(wire => wire.break())
      case 'bytes are slow':
        this.#wires.weather.pace = SLOW
        await this.load.acknowledged(10)
        this.#wires.weather.pace = undefined
        return
      case 'members change':
        await Promise.all([this.#join(), this.#leave.shift()?.()])
    }
  }

  async #join(): Promise<void> {
    const { load, topic } = this
    const options = { ...this.#options, consumerGroup: this.#consumerGroup, persistConsumerOffsetIntervalMs: 500 }
    const consumer = this.#site.newConsumer(options).subscribe(topic)
    consumer.consumeEach({ ordered: 'queue' }, inOrder(this.order, load.take, { mayRepeat: true }))
    await consumer.start({ timeoutMs: 60_000, waitForNameServer: true })
    this.#leave.push(() => consumer.shutdown())
  }
}

describeOwnCluster('faults that overlap', { brokers: 2, realInFull: true }, cluster => {
  cluster.it(`fault 28: in pairs, by the schedule of seed ${SEED}, lose nothing and keep order`, async site => {
    const random = seededRandom(SEED)
    const stage = new Stage(site, random)
    await stage.begin()
    const { load, order } = stage
    const pairs = faultPairs(random, PAIRS)
    for (const [first, second] of pairs) {
      await Promise.all([stage.happen(first), stage.happen(second)])
      load.recovery.faultEnds()
      await load.acknowledged(50)
    }
    const also = `${PAIRS} pairs, seed ${SEED}`
    await load.tell(28, 'faults that overlap in pairs', { withinMs: 10_000, arriveWithinMs: LOCK_MS + 30_000, also })
    expect(order.faults).toEqual([])
  })
})
