import type { ReplyOf, RequestOf } from '../../commands/command'
import type { RECALL_MESSAGE } from '../../commands/recall'
import { RocketMQError } from '../../errors'
import { type RecallHandle, decodeRecallHandle } from '../../model/recall-handle'
import { PROPERTY } from '../../model/property-names'
import { Refusal } from '../../remoting/refusal'
import type { RequestContext } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import { NO_REMARK, refusal } from '../refusal'
import { MAX_TIMER_DELAY_MS } from '../timer'
import { REGION } from './send-common'

type Request = RequestOf<typeof RECALL_MESSAGE>

/** A recall is itself a timer message, due with the one that it keeps from being delivered. */
const RECALL_TAG = '_RECALL_TAG_'
const BODY = Buffer.from('0')

/** Calls a timer message back; whether there is one is not looked at. */
export function recallMessage(
  broker: Broker,
  { header }: Request,
  context: RequestContext,
): ReplyOf<typeof RECALL_MESSAGE> {
  try {
    const handle = admit(broker, header)
    store(broker, { handle, header, context })
    return { code: 'SUCCESS', remark: NO_REMARK, header: { msgId: handle.messageId, MSG_REGION: REGION } }
  } catch (error) {
    throw error instanceof Refusal ? error.with({ MSG_REGION: REGION }) : error
  }
}

/** @throws BrokerError in the words of the real one */
function admit(broker: Broker, { topic, recallHandle }: Request['header']): RecallHandle {
  const { state, clock } = broker
  if (!state.recallMessageEnable) throw refusal('NO_PERMISSION', 'recall failed, operation is forbidden')
  if (!broker.isMaster) throw refusal('SLAVE_NOT_AVAILABLE', 'recall failed, broker service not available')
  if (state.topics.get(topic) === undefined)
    throw refusal('TOPIC_NOT_EXIST', `recall failed, the topic[${topic}] not exist`)
  const handle = read(recallHandle ?? '')
  if (handle.topic !== topic) throw refusal('ILLEGAL_OPERATION', 'recall failed, topic not match')
  if (handle.brokerName !== broker.name)
    throw refusal('ILLEGAL_OPERATION', 'recall failed, broker service not available')
  const leftMs = (/^-?\d{1,15}$/.test(handle.timestamp) ? Number(handle.timestamp) : -1) - clock.now()
  if (leftMs <= 0 || leftMs >= MAX_TIMER_DELAY_MS)
    throw refusal('ILLEGAL_OPERATION', 'recall failed, timestamp invalid')
  return handle
}

function read(recallHandle: string): RecallHandle {
  try {
    return decodeRecallHandle(recallHandle)
  } catch (error) {
    if (RocketMQError.is(error)) throw refusal('ILLEGAL_OPERATION', 'recall handle is invalid')
    throw error
  }
}

function store(
  broker: Broker,
  { handle, header, context }: { handle: RecallHandle; header: Request['header']; context: RequestContext },
): void {
  const now = broker.clock.now()
  broker.state.writer.put({
    topic: handle.topic,
    queueId: 0,
    flag: 0,
    body: BODY,
    properties: {
      [PROPERTY.TAGS]: RECALL_TAG,
      [PROPERTY.TIMER_DEL_UNIQKEY]: handle.messageId,
      [PROPERTY.UNIQ_KEY]: handle.messageId,
      [PROPERTY.TIMER_DELIVER_MS]: handle.timestamp,
      [PROPERTY.BORN_TIMESTAMP]: String(now),
      [PROPERTY.PGROUP]: header.producerGroup ?? '',
    },
    sysFlag: 0,
    bornTimestamp: now,
    bornHost: broker.bornHost(context.channel),
    storeHost: broker.storeHost,
    reconsumeTimes: 0,
  })
}
