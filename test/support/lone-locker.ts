import { LOCK_BATCH_MQ, UNLOCK_BATCH_MQ } from '../../lib/commands/client'
import type { MessageQueue } from '../../lib/index'
import { loopbackClient } from './loopback-client'
import type { Site } from './site'

/** A client that holds locks of queues and does nothing else. */
export class LoneLocker {
  readonly #client = loopbackClient()
  readonly #site: Site
  readonly #consumerGroup: string
  readonly #held: MessageQueue[] = []

  constructor(site: Site, consumerGroup: string) {
    this.#site = site
    this.#consumerGroup = consumerGroup
    site.onEnd(() => this.#client.close())
  }

  /** @throws Error where a queue is locked by another */
  async lock(queues: readonly MessageQueue[]): Promise<void> {
    for (const queue of queues) {
      const { body } = await this.#client.invoke(await this.#addressOf(queue), LOCK_BATCH_MQ, {
        body: this.#body(queue),
      })
      if (body.lockOKMQSet.length !== 1) throw new Error(`queue ${queue.queueId} is locked by another`)
      this.#held.push(queue)
    }
  }

  async unlockAll(): Promise<void> {
    for (const queue of this.#held.splice(0)) {
      await this.#client.invoke(await this.#addressOf(queue), UNLOCK_BATCH_MQ, { body: this.#body(queue) })
    }
  }

  #body(queue: MessageQueue) {
    return { consumerGroup: this.#consumerGroup, clientId: 'lone locker', mqSet: [queue], onlyThisBroker: false }
  }

  async #addressOf({ topic, brokerName }: MessageQueue): Promise<string> {
    const { brokerDatas } = await (await this.#site.admin()).topicRoute(topic)
    return brokerDatas.find(data => data.brokerName === brokerName)?.brokerAddrs.get(0) ?? ''
  }
}
