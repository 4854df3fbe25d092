import { DELETE_TOPIC_IN_BROKER, GET_TOPIC_STATS_INFO, UPDATE_AND_CREATE_TOPIC } from '../lib/commands/topic'
import type { RemotingClient } from '../lib/remoting/remoting-client'
import { systemClock } from '../lib/runtime/clock'
import { clusterInfo } from '../test/contract/real/cluster-info'
import { openBenchRemoting } from './bench-remoting'
import { QUEUES } from './scenarios'

const STORED_WITHIN_MS = 5000
const LOOK_EVERY_MS = 50
const READ_AND_WRITE = 6

/** A topic on one broker, made for one run. */
export class BenchTopic {
  readonly name: string
  /** Address of the broker. */
  readonly broker: string
  readonly #remoting: RemotingClient = openBenchRemoting()

  private constructor(name: string, broker: string) {
    this.name = name
    this.broker = broker
  }

  static async create(namesrvAddr: string): Promise<BenchTopic> {
    const { brokerAddrTable } = await clusterInfo(namesrvAddr)
    const broker = Object.values(brokerAddrTable)[0]?.brokerAddrs['0']
    if (broker === undefined) throw new Error(`${namesrvAddr} knows no broker that takes messages`)
    const topic = new BenchTopic(`Bench-${systemClock.now().toString(36)}`, broker)
    const header = {
      topic: topic.name,
      defaultTopic: 'TBW102',
      readQueueNums: QUEUES,
      writeQueueNums: QUEUES,
      perm: READ_AND_WRITE,
      topicFilterType: 'SINGLE_TAG',
    }
    await topic.#remoting.invoke(broker, UPDATE_AND_CREATE_TOPIC, { header })
    return topic
  }

  /** How many messages can be read; waits up to 5 s for `expected` of them. */
  async stored(expected: number): Promise<number> {
    const deadline = systemClock.monotonic() + STORED_WITHIN_MS
    for (;;) {
      const stored = await this.#count()
      if (stored >= expected || systemClock.monotonic() > deadline) return stored
      await systemClock.sleep(LOOK_EVERY_MS)
    }
  }

  /** Lets go of the broker; with `remove` the topic is deleted there. */
  async close({ remove }: { remove: boolean }): Promise<void> {
    if (remove) await this.#remoting.invoke(this.broker, DELETE_TOPIC_IN_BROKER, { header: { topic: this.name } })
    await this.#remoting.close()
  }

  async #count(): Promise<number> {
    const reply = await this.#remoting.invoke(this.broker, GET_TOPIC_STATS_INFO, { header: { topic: this.name } })
    return reply.body.offsetTable.reduce((sum, [, { minOffset, maxOffset }]) => sum + maxOffset - minOffset, 0)
  }
}
