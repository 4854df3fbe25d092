import {
  GET_MAX_OFFSET,
  GET_MIN_OFFSET,
  QUERY_CONSUMER_OFFSET,
  SEARCH_OFFSET_BY_TIMESTAMP,
  UPDATE_CONSUMER_OFFSET,
} from '../commands/offset'
import { RocketMQError } from '../errors'
import type { MessageQueue } from '../model/message-queue'
import { MASTER_ID } from '../model/topic-route'
import type { CallOptions, RemotingClient } from '../remoting/remoting-client'
import type { RouteTable } from '../routing/route-table'

/** Positions of queues and groups, as their brokers know them. */
export class QueueOffsets {
  readonly #remoting: RemotingClient
  readonly #routes: RouteTable

  constructor(remoting: RemotingClient, routes: RouteTable) {
    this.#remoting = remoting
    this.#routes = routes
  }

  /** The offset that the next message will get. */
  async maxOffset(queue: MessageQueue, options?: CallOptions): Promise<number> {
    const address = await this.#masterOf(queue, options)
    return (await this.#remoting.invoke(address, GET_MAX_OFFSET, { header: headerOf(queue) }, options)).header.offset
  }

  /** The offset of the oldest message still there; where there is no master, of those that a slave has. */
  async minOffset(queue: MessageQueue, options?: CallOptions): Promise<number> {
    const address = await this.#readerOf(queue, options)
    return (await this.#remoting.invoke(address, GET_MIN_OFFSET, { header: headerOf(queue) }, options)).header.offset
  }

  /** The offset of the first message stored at or after `timestamp`, ms since 1970. */
  async offsetForTimestamp(queue: MessageQueue, timestamp: number, options?: CallOptions): Promise<number> {
    const address = await this.#masterOf(queue, options)
    const header = { ...headerOf(queue), timestamp }
    return (await this.#remoting.invoke(address, SEARCH_OFFSET_BY_TIMESTAMP, { header }, options)).header.offset
  }

  /** What a group has committed; undefined where it never did. A young queue answers 0 for a new group. */
  async committed(consumerGroup: string, queue: MessageQueue, options?: CallOptions): Promise<number | undefined> {
    const address = await this.#readerOf(queue, options)
    const header = { consumerGroup, ...headerOf(queue) }
    const reply = await this.#remoting.invoke(address, QUERY_CONSUMER_OFFSET, { header }, options)
    return reply.code === 'SUCCESS' ? reply.header.offset : undefined
  }

  /** Commits an offset and waits for the broker's answer. */
  async commit(consumerGroup: string, queue: MessageQueue, commitOffset: number, options?: CallOptions): Promise<void> {
    const address = await this.#readerOf(queue, options)
    const header = { consumerGroup, ...headerOf(queue), commitOffset }
    await this.#remoting.invoke(address, UPDATE_CONSUMER_OFFSET, { header }, options)
  }

  /** Commits an offset; resolves when the request has left. */
  async commitOneway(
    consumerGroup: string,
    queue: MessageQueue,
    commitOffset: number,
    options?: CallOptions,
  ): Promise<void> {
    const address = await this.#readerOf(queue, options)
    const header = { consumerGroup, ...headerOf(queue), commitOffset }
    await this.#remoting.invokeOneway(address, UPDATE_CONSUMER_OFFSET, { header }, options)
  }

  #masterOf(queue: MessageQueue, options?: CallOptions): Promise<string> {
    return this.#address(queue, options, () => this.#routes.masterAddress(queue.brokerName))
  }

  /** The master, or a slave where there is none: what is stored and what was committed is kept there, too. */
  #readerOf(queue: MessageQueue, options?: CallOptions): Promise<string> {
    return this.#address(queue, options, () => {
      const addresses = this.#routes.brokerAddresses(queue.brokerName)
      return addresses?.get(MASTER_ID) ?? addresses?.values().next().value
    })
  }

  async #address(
    queue: MessageQueue,
    options: CallOptions | undefined,
    find: () => string | undefined,
  ): Promise<string> {
    const known = find()
    if (known !== undefined) return known
    await this.#routes.refresh(queue.topic, options)
    const address = find()
    if (address !== undefined) return address
    const says = `no address of broker ${queue.brokerName} is known from the route of ${queue.topic}`
    throw new RocketMQError('BROKER_NOT_FOUND', says, { topic: queue.topic, brokerName: queue.brokerName })
  }
}

function headerOf({ topic, queueId, brokerName }: MessageQueue): { topic: string; queueId: number; bname: string } {
  return { topic, queueId, bname: brokerName }
}
