import {
  GET_MAX_OFFSET,
  GET_MIN_OFFSET,
  QUERY_CONSUMER_OFFSET,
  SEARCH_OFFSET_BY_TIMESTAMP,
  UPDATE_CONSUMER_OFFSET,
} from '../commands/offset'
import { isMoved } from '../commands/moved'
import { RocketMQError } from '../errors'
import { isLogicalBroker } from '../model/logical-queues'
import type { MessageQueue } from '../model/message-queue'
import { MASTER_ID } from '../model/topic-route'
import type { CallOptions, RemotingClient } from '../remoting/remoting-client'
import type { RouteTable } from '../routing/route-table'

type Question<R> = (address: string) => Promise<R>

interface Place<R> {
  readonly find: () => string | undefined
  readonly ask: Question<R>
}

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
    const request = { header: headerOf(queue) }
    const ask = (address: string) => this.#remoting.invoke(address, GET_MAX_OFFSET, request, options)
    return (await this.#atMaster(queue, options, ask)).header.offset
  }

  /** The offset of the oldest message still there; where there is no master, of those that a slave has. */
  async minOffset(queue: MessageQueue, options?: CallOptions): Promise<number> {
    const request = { header: headerOf(queue) }
    const ask = (address: string) => this.#remoting.invoke(address, GET_MIN_OFFSET, request, options)
    return (await this.#atReader(queue, options, ask)).header.offset
  }

  /** The offset of the first message stored at or after `timestamp`, ms since 1970. */
  async offsetForTimestamp(queue: MessageQueue, timestamp: number, options?: CallOptions): Promise<number> {
    const request = { header: { ...headerOf(queue), timestamp } }
    const ask = (address: string) => this.#remoting.invoke(address, SEARCH_OFFSET_BY_TIMESTAMP, request, options)
    return (await this.#atMaster(queue, options, ask)).header.offset
  }

  /**
   * What a group has committed; undefined where it never did, or what is no offset, as -1 to Java, too. A young queue answers
   * 0 for a new group.
   */
  async committed(consumerGroup: string, queue: MessageQueue, options?: CallOptions): Promise<number | undefined> {
    const request = { header: { consumerGroup, ...headerOf(queue) } }
    const ask = (address: string) => this.#remoting.invoke(address, QUERY_CONSUMER_OFFSET, request, options)
    const reply = await this.#atReader(queue, options, ask)
    return reply.code === 'SUCCESS' && reply.header.offset >= 0 ? reply.header.offset : undefined
  }

  /** Commits an offset and waits for the broker's answer. */
  async commit(consumerGroup: string, queue: MessageQueue, commitOffset: number, options?: CallOptions): Promise<void> {
    const request = { header: { consumerGroup, ...headerOf(queue), commitOffset } }
    const tell = (address: string) => this.#remoting.invoke(address, UPDATE_CONSUMER_OFFSET, request, options)
    await this.#atReader(queue, options, tell)
  }

  /** Commits an offset; resolves when the request has left. Of static topics, whose queues move, as `commit`. */
  async commitOneway(
    consumerGroup: string,
    queue: MessageQueue,
    commitOffset: number,
    options?: CallOptions,
  ): Promise<void> {
    if (isLogicalBroker(queue.brokerName)) return this.commit(consumerGroup, queue, commitOffset, options)
    const request = { header: { consumerGroup, ...headerOf(queue), commitOffset } }
    await this.#atReader(queue, options, address =>
      this.#remoting.invokeOneway(address, UPDATE_CONSUMER_OFFSET, request, options),
    )
  }

  #atMaster<R>(queue: MessageQueue, options: CallOptions | undefined, ask: Question<R>): Promise<R> {
    const find = (): string | undefined => this.#routes.masterAddress(this.#routes.hostOf(queue))
    return this.#ask(queue, options, { find, ask })
  }

  /** At the master, or a slave where there is none: what is stored and what was committed is kept there, too. */
  #atReader<R>(queue: MessageQueue, options: CallOptions | undefined, ask: Question<R>): Promise<R> {
    const find = (): string | undefined => {
      const addresses = this.#routes.brokerAddresses(this.#routes.hostOf(queue))
      return addresses?.get(MASTER_ID) ?? addresses?.values().next().value
    }
    return this.#ask(queue, options, { find, ask })
  }

  /** A queue of a static topic that has moved is followed once. */
  async #ask<R>(queue: MessageQueue, options: CallOptions | undefined, { find, ask }: Place<R>): Promise<R> {
    try {
      return await ask(await this.#address(queue, options, find))
    } catch (error) {
      if (!isMoved(error)) throw error
      await this.#routes.refresh(queue.topic, options)
      return ask(await this.#address(queue, options, find))
    }
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
