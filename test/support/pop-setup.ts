import type { ReplyOf } from '../../lib/commands/command'
import type { POP_MESSAGE } from '../../lib/commands/pop'
import type { PopEntry, PopProcessQueue } from '../../lib/consumer/pop/pop-process-queue'
import { PROPERTY } from '../../lib/model/property-names'
import { buildSubscriptionData } from '../../lib/model/subscription'
import { buildExtraInfo, type PopExtraInfo } from '../../lib/wire/pop-extra-info'
import type { StoredMessage } from '../../lib/wire/stored-message'
import type { StoredRecord } from '../../lib/wire/stored-message-encoder'
import { recordBytes, storedMessage } from './records'

/** All queues of `Orders` on broker a. */
export const PLACE = {
  queue: { topic: 'Orders', brokerName: 'a', queueId: -1 },
  subscription: buildSubscriptionData('Orders', '*', 1),
  order: false,
} as const

/** Popped at 1000 of the broker's clock for a minute. */
export function popInfo(info: Partial<PopExtraInfo> = {}): PopExtraInfo {
  return {
    ckQueueOffset: 0,
    popTime: 1000,
    invisibleTime: 60_000,
    reviveQid: 3,
    retry: '0',
    brokerName: 'a',
    queueId: 1,
    queueOffset: info.ckQueueOffset ?? 7,
    ...info,
  }
}

/** A message of `Orders` with the receipt handle of such a pop. */
export function popped(info: Partial<PopExtraInfo> = {}, record: Partial<StoredRecord> = {}): StoredMessage {
  const whole = popInfo(info)
  const { queueId, queueOffset } = whole
  const message = storedMessage({ queueId, queueOffset, ...record })
  message.setProperty(PROPERTY.POP_CK, buildExtraInfo(whole))
  return message
}

type PopReply = ReplyOf<typeof POP_MESSAGE>
type PopHeader = Extract<PopReply, { header: object }>['header']

const HEADER = { popTime: 1000, invisibleTime: 60_000, reviveQid: 3, restNum: 0 }

/** Messages at these offsets of queue 1. */
export function popFound(
  offsets: readonly number[],
  record: Partial<StoredRecord> = {},
  header: Partial<PopHeader> = {},
): PopReply {
  const records = offsets.map(queueOffset => recordBytes({ queueId: 1, queueOffset, ...record }))
  const [first = 0] = offsets
  const { queueId = 1 } = record
  const infos = { startOffsetInfo: `0 ${queueId} ${first}`, msgOffsetInfo: `0 ${queueId} ${offsets.join(',')}` }
  return { code: 'SUCCESS', header: { ...HEADER, ...infos, ...header }, body: Buffer.concat(records) }
}

export function popNone(code: 'PULL_NOT_FOUND' | 'POLLING_FULL' | 'POLLING_TIMEOUT' = 'PULL_NOT_FOUND'): PopReply {
  return { code, header: HEADER, body: Buffer.alloc(0) }
}

/** A settlement that keeps what it is told, as `outcome offset [level]`, and takes it out of the queue at once. */
export function recordedSettlement() {
  const told: string[] = []
  const over = new Set<number>()
  const spent = new Set<number>()
  const lastTry = new Set<number>()
  const note = (outcome: string, queue: PopProcessQueue, entry: PopEntry): void => {
    told.push(`${outcome} ${entry.message.queueOffset}`)
    queue.finish([entry])
  }
  const settlement = {
    isOver: ({ message }: PopEntry) => over.has(message.queueOffset),
    isSpent: ({ message }: PopEntry) => spent.has(message.queueOffset),
    isLastTry: ({ message }: PopEntry) => lastTry.has(message.queueOffset),
    done: (queue: PopProcessQueue, entry: PopEntry) => note('done', queue, entry),
    open: (queue: PopProcessQueue, entry: PopEntry) => note('open', queue, entry),
    failed: (queue: PopProcessQueue, entry: PopEntry, level: number) => note(`failed at ${level}`, queue, entry),
  }
  return { told, over, spent, lastTry, settlement }
}
