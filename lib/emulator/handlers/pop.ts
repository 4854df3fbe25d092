import type { ReplyOf, RequestOf } from '../../commands/command'
import type { POP_MESSAGE } from '../../commands/pop'
import { popRetryTopic } from '../../model/names'
import type { RequestContext } from '../../remoting/request-handlers'
import { randomBelow } from '../../runtime/random'
import { POP_ORDER_REVIVE_QUEUE } from '../../wire/pop-extra-info'
import { buildOffsetInfo } from '../../wire/pop-offset-info'
import type { Broker } from '../broker'
import { type PopTerms, PopReader } from '../pop/pop-reader'
import { refusal } from '../refusal'
import type { TopicConfig } from '../topics'
import { parkPop } from './park-pop'
import { admitPop, popFilter } from './pop-admission'
import { slaveRefusal } from './send-common'

type Header = RequestOf<typeof POP_MESSAGE>['header']
type Reply = ReplyOf<typeof POP_MESSAGE>

const MAX_COUNT = 32
const TOO_LATE_MS = 500
const REVIVE_QUEUES = 8
/** So many of 100 pops look at the retry topic first. */
const RETRY_FIRST = 20
const NO_HEADER = { popTime: '0', invisibleTime: '0', reviveQid: '0', restNum: '0' }

/** Hands out messages that nobody else sees for a while, or holds the request until there are some. */
export function popMessage(
  broker: Broker,
  { header: asked }: RequestOf<typeof POP_MESSAGE>,
  context: RequestContext,
): Reply | undefined {
  const popTime = broker.clock.now()
  const header = asked.bornTime === 0 ? { ...asked, bornTime: popTime } : asked
  const { topic, consumerGroup: group, queueId } = header
  const { config, terms } = admit(broker, header, context)
  const reader = new PopReader(broker.state, terms)
  takeAll(reader, config, header)
  const answer = { reader, terms }
  if (reader.records.length > 0) {
    if (reader.restNum > 0) broker.pops.wake({ topic, group, queueId })
    return reply('SUCCESS', answer)
  }
  const parked = parkPop(broker, header, { among: broker.pops, context })
  if (parked !== 'PARKED') return reply(parked === 'FULL' ? 'POLLING_FULL' : 'POLLING_TIMEOUT', answer)
  if (reader.hasSkipped && reader.restNum > 0) broker.pops.wake({ topic, group, queueId })
  return undefined
}

function admit(
  broker: Broker,
  header: Header,
  { channel }: RequestContext,
): { readonly config: TopicConfig; readonly terms: PopTerms } {
  if (!broker.isMaster) throw slaveRefusal(broker)
  const popTime = broker.clock.now()
  const { topic, maxMsgNums, bornTime, pollTime, order = false } = header
  const late = popTime - bornTime - pollTime > TOO_LATE_MS
  if (late) throw refusal('POLLING_TIMEOUT', `the broker[${broker.ip}] pop message is timeout too much`, NO_HEADER)
  if (maxMsgNums > MAX_COUNT) {
    const remark = `the broker[${broker.ip}] pop message's num is greater than ${MAX_COUNT}`
    throw refusal('INVALID_PARAMETER', remark, NO_HEADER)
  }
  const config = admitPop(broker, header, { channel, fields: NO_HEADER })
  const { exp, expType, invisibleTime, initMode, attemptId } = header
  const filter = popFilter(broker, { topic, exp, expType }, NO_HEADER)
  const reviveQid = order ? POP_ORDER_REVIVE_QUEUE : broker.nextReviveQueue(REVIVE_QUEUES)
  const group = header.consumerGroup
  return {
    config,
    terms: { topic, group, maxMsgNums, invisibleTime, initMode, order, attemptId, filter, popTime, reviveQid },
  }
}

/** The queue that was asked for, or all of the topic, from a random one on; and the retry topic, before or after that. */
function takeAll(
  reader: PopReader,
  config: TopicConfig,
  { topic, consumerGroup, queueId, order = false }: Header,
): void {
  const random = randomBelow(100)
  const retryTopic = popRetryTopic(topic, consumerGroup)
  const retryFirst = random < RETRY_FIRST && !order
  if (retryFirst) reader.takeTopic(retryTopic, random)
  if (queueId < 0) reader.takeTopic(config.topicName, random)
  else reader.take(config.topicName, queueId)
  if (!retryFirst && !order && !reader.isFull) reader.takeTopic(retryTopic, random)
}

function reply(code: Reply['code'], { reader, terms }: { reader: PopReader; terms: PopTerms }): Reply {
  const { popTime, invisibleTime, reviveQid, order } = terms
  const { restNum, starts, offsets, counts, records } = reader
  return {
    code,
    remark: code === 'SUCCESS' ? 'FOUND' : 'NO_MESSAGE_IN_QUEUE',
    header: {
      popTime,
      invisibleTime,
      reviveQid,
      restNum,
      startOffsetInfo: buildOffsetInfo(starts),
      msgOffsetInfo: buildOffsetInfo(offsets),
      orderCountInfo: order ? buildOffsetInfo(counts) : undefined,
    },
    body: records.length === 1 ? (records[0] as Uint8Array) : Buffer.concat(records),
  }
}
