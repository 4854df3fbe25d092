import type { RequestOf } from '../../lib/commands/command'
import {
  ACK_MESSAGE,
  BATCH_ACK_MESSAGE,
  CHANGE_MESSAGE_INVISIBLETIME,
  NOTIFICATION,
  POP_MESSAGE,
} from '../../lib/commands/pop'
import { batchAcksOf } from '../../lib/consumer/pop/batch-acks'
import { type PopAnswer, readPopAnswer } from '../../lib/consumer/pop/pop-answer'
import { renewedHandle } from '../../lib/consumer/pop/renewed-handle'
import type { RemotingClient } from '../../lib/remoting/remoting-client'
import { type PopExtraInfo, buildExtraInfo, realTopicOf } from '../../lib/wire/pop-extra-info'
import { loopbackClient } from './loopback-client'
import { popHeader } from './pops'
import type { Site } from './site'

type PopSettings = Partial<RequestOf<typeof POP_MESSAGE>['header']>

/** Speaks the requests of POP with one broker for one group and topic, as consumers do. */
export class PopClient {
  readonly #client: RemotingClient = loopbackClient()
  readonly #address: string
  readonly #brokerName: string
  readonly #topic: string
  readonly #group: string

  private constructor(broker: { address: string; brokerName: string }, topic: string, group: string) {
    this.#address = broker.address
    this.#brokerName = broker.brokerName
    this.#topic = topic
    this.#group = group
  }

  /** One that is closed with the site; the broker is the first that has the topic. */
  static async open(site: Site, topic: string, group = site.freshGroup()): Promise<PopClient> {
    const [data] = (await (await site.admin()).topicRoute(topic)).brokerDatas
    const address = data?.brokerAddrs.get(0)
    if (data === undefined || address === undefined) throw new Error(`topic ${topic} has no master`)
    const client = new PopClient({ address, brokerName: data.brokerName }, topic, group)
    site.onEnd(() => client.#client.close())
    return client
  }

  /** Waits for 20 s where nothing is said. */
  async pop(rest: PopSettings = {}): Promise<PopAnswer> {
    const header = popHeader(this.#topic, { consumerGroup: this.#group, queueId: -1, pollTime: 20_000, ...rest })
    const reply = await this.#client.invoke(this.#address, POP_MESSAGE, { header })
    const { order = false } = header
    return readPopAnswer(reply, {
      consumerGroup: this.#group,
      brokerName: this.#brokerName,
      topic: this.#topic,
      order,
    })
  }

  async ack(handle: PopExtraInfo): Promise<void> {
    await this.#client.invoke(this.#address, ACK_MESSAGE, { header: this.#header(handle) })
  }

  async ackAll(handles: readonly PopExtraInfo[]): Promise<void> {
    const body = batchAcksOf(handles, { topic: this.#topic, consumerGroup: this.#group })
    await this.#client.invoke(this.#address, BATCH_ACK_MESSAGE, { body })
  }

  /** Gives the handle that counts from now on. */
  async hide(handle: PopExtraInfo, invisibleTime: number, suspend = false): Promise<PopExtraInfo> {
    const header = { ...this.#header(handle), invisibleTime, suspend }
    const reply = await this.#client.invoke(this.#address, CHANGE_MESSAGE_INVISIBLETIME, { header })
    return renewedHandle(handle, reply.header)
  }

  async hasMessages(): Promise<boolean> {
    const { consumerGroup, topic, queueId, pollTime, bornTime } = popHeader(this.#topic, {
      consumerGroup: this.#group,
      queueId: -1,
    })
    const header = { consumerGroup, topic, queueId, pollTime, bornTime }
    return (await this.#client.invoke(this.#address, NOTIFICATION, { header })).header.hasMsg
  }

  #header(handle: PopExtraInfo) {
    const { retry, queueId, queueOffset: offset } = handle
    const topic = realTopicOf(retry, this.#topic, this.#group)
    return { consumerGroup: this.#group, topic, queueId, offset, extraInfo: buildExtraInfo(handle) }
  }
}
