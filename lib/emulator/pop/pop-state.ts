import { isRetryTopic, popOriginOf, popRetryTopic } from '../../model/names'
import { PROPERTY } from '../../model/property-names'
import type { Clock } from '../../runtime/clock'
import type { StoredMessage } from '../../wire/stored-message'
import type { ConsumerGroups } from '../groups'
import type { MessageWriter } from '../message-writer'
import type { GroupOffsets } from '../offsets'
import type { Schedule } from '../schedule'
import type { MessageStore } from '../store/message-store'
import type { Topics } from '../topics'
import { type Checkpoint, Checkpoints } from './checkpoints'
import { type GroupQueue, OrderInfos } from './order-infos'
import { RequestModes } from './request-modes'

export interface PopStateOptions {
  readonly clock: Clock
  readonly schedule: Schedule
  readonly state: {
    readonly topics: Topics
    readonly groups: ConsumerGroups
    readonly offsets: GroupOffsets
    readonly store: MessageStore
    readonly writer: MessageWriter
  }
  /** The master's address, as messages that come again have it for the place they were born. */
  readonly ownHost: () => Buffer
}

/** What a broker knows of pops, and what outlives a restart. */
export class PopState {
  readonly checkpoints: Checkpoints
  readonly orders: OrderInfos
  readonly modes = new RequestModes()
  /** Set while the master is up: there may be messages for pops of a queue, of any queue of the topic where it came again. */
  onReady: (queue: GroupQueue, reason: 'CAME_AGAIN' | 'UNLOCKED') => void = () => undefined
  readonly #options: PopStateOptions

  constructor(options: PopStateOptions) {
    const { clock, schedule } = options
    this.#options = options
    this.checkpoints = new Checkpoints({
      clock,
      schedule,
      revive: (checkpoint, offset) => this.#revive(checkpoint, offset),
    })
    this.orders = new OrderInfos({ clock, schedule, onFree: queue => this.onReady(queue, 'UNLOCKED') })
  }

  /** Stores a message that was not acknowledged in time in the retry topic of its topic and group, as its next try. */
  #revive({ topic, group, queueId, popTime, suspend }: Checkpoint, offset: number): void {
    const { topics, groups, store, writer } = this.#options.state
    const origin = popOriginOf(topic, group)
    if (topics.get(origin) === undefined || groups.find(group) === undefined) return
    const queue = store.findQueue(topic, queueId)
    const isThere = queue !== undefined && offset >= queue.minOffset && offset < queue.maxOffset
    const message = isThere ? writer.find(queue.positionOf(offset)) : undefined
    if (message === undefined) return
    const retryTopic = isRetryTopic(topic) ? topic : popRetryTopic(topic, group)
    this.#ensureRetryTopic(retryTopic, group)
    const { flag, body, sysFlag, bornTimestamp, reconsumeTimes } = message
    const ownHost = this.#options.ownHost()
    writer.put({
      topic: retryTopic,
      queueId: 0,
      flag,
      body,
      properties: retryProperties(message, group, popTime),
      sysFlag,
      bornTimestamp,
      bornHost: ownHost,
      storeHost: ownHost,
      reconsumeTimes: reconsumeTimes + (suspend ? 0 : 1),
    })
    this.onReady({ topic: origin, group, queueId: 0 }, 'CAME_AGAIN')
  }

  #ensureRetryTopic(retryTopic: string, group: string): void {
    const { topics, offsets } = this.#options.state
    if (topics.get(retryTopic) !== undefined) return
    topics.ensure(retryTopic, 1)
    if (offsets.query(group, retryTopic, 0) === undefined) offsets.commit(group, retryTopic, { queueId: 0, offset: 0 })
  }
}

function retryProperties(message: StoredMessage, group: string, popTime: number): Record<string, string> {
  const properties: Record<string, string> = { ...message.properties, [PROPERTY.ORIGIN_GROUP]: group }
  if (message.reconsumeTimes === 0 || properties[PROPERTY.FIRST_POP_TIME] === undefined)
    properties[PROPERTY.FIRST_POP_TIME] = String(popTime)
  return properties
}
