import type { MessageExt, PushConsumer } from '../../lib/index'
import { DialedSockets } from './dialed-sockets'
import type { Load } from './load'
import { OrderChecker } from './order-checker'
import { Ownership } from './ownership'
import type { ConsumerSettings, Site } from './site'

/** One member of a group; what it handles goes to the load. */
export interface GroupMember {
  readonly consumer: PushConsumer
  /** Leaves the group in order. */
  leave(): Promise<void>
  /** Ends all that the brokers see of it, as when its process is killed; it handles nothing more. */
  kill(): void
}

/** A group whose members come, leave and are killed. */
export class Members {
  readonly order = new OrderChecker()
  readonly ownership: Ownership
  readonly consumerGroup: string
  readonly #site: Site
  readonly #topic: string
  readonly #load: Pick<Load, 'take'>
  readonly #ordered: boolean

  constructor(site: Site, topic: string, load: Pick<Load, 'take'>, { ordered }: { ordered: boolean }) {
    this.#site = site
    this.#topic = topic
    this.#load = load
    this.#ordered = ordered
    this.consumerGroup = site.freshGroup()
    this.ownership = new Ownership(topic, site.changes)
  }

  async join(settings: ConsumerSettings = {}): Promise<GroupMember> {
    const sockets = new DialedSockets()
    const advanced = { ...settings.advanced, dialer: sockets.dialer }
    const consumer = this.#site.newConsumer({ ...settings, consumerGroup: this.consumerGroup, advanced })
    this.ownership.follow(consumer)
    let tenure = {}
    consumer.on('assigned', () => (tenure = {}))
    let isKilled = false
    const take = (message: MessageExt): void => {
      // A process that was killed does nothing at all.
      if (isKilled) throw new Error('this member was killed')
      if (this.#ordered) this.#check(message, tenure)
      this.#load.take(message)
    }
    consumer.subscribe(this.#topic)
    if (this.#ordered) consumer.consumeEach({ ordered: 'queue' }, take)
    else consumer.consumeEach(take)
    await consumer.start()
    return {
      consumer,
      leave: async () => {
        await consumer.shutdown()
        this.ownership.left(consumer)
      },
      kill: () => {
        isKilled = true
        this.ownership.left(consumer)
        sockets.cut()
      },
    }
  }

  /** Resolves when each of so many queues has one owner. */
  async settled(queues: number, withinMs: number): Promise<void> {
    const what = (): string => `${queues} queues with one owner each, not shares of ${this.ownership.shares.join()}`
    await this.#site.until(() => this.ownership.isEachOnce(queues), { what, withinMs })
  }

  #check({ queueId, queueOffset }: MessageExt, tenure: object): void {
    const lane = `queue ${queueId}`
    this.order.begin(lane, queueOffset, tenure)
    this.order.end(lane)
  }
}
