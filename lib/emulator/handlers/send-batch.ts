import { isRetryTopic } from '../../model/names'
import { PROPERTY } from '../../model/property-names'
import { tagsCode } from '../../model/subscription'
import { transactionValue } from '../../model/sys-flag'
import { MAX_TOPIC_LENGTH } from '../../model/validators'
import type { RequestContext } from '../../remoting/request-handlers'
import { decodeBatchBody } from '../../wire/batch-body'
import { PROPERTY_SEPARATOR, decodeProperties } from '../../wire/properties'
import type { Broker } from '../broker'
import { JavaException, refusal } from '../refusal'
import type { MessageToStore, StoredAt } from '../store/message-store'
import type { TopicConfig } from '../topics'
import { type SendHeader, type SendReply, offsetMsgId, queueOf, sendReplyHeader, sysFlagOf } from './send-common'

/** Stores the messages of a batch, all or none; they get consecutive offsets in one queue. */
export function sendBatch(
  broker: Broker,
  { header, body }: { header: SendHeader; body: Uint8Array },
  { topic, context }: { topic: TopicConfig; context: RequestContext },
): SendReply {
  const { writer } = broker.state
  const queueId = queueOf(header, topic)
  const batchProperties = decodeProperties(header.properties ?? '')
  checkBatch(broker, header, batchProperties)
  if (broker.generation.sends.throwsAtLargeBatch && writer.isTooLarge(body))
    throw new JavaException('java.lang.RuntimeException: message body size exceeded')
  writer.checkBody(body)
  const common = {
    topic: header.topic,
    queueId,
    sysFlag: sysFlagOf(header, topic),
    bornTimestamp: header.bornTimestamp,
    bornHost: broker.bornHost(context.channel),
    storeHost: broker.storeHost,
    reconsumeTimes: header.reconsumeTimes ?? 0,
  }
  const appended = appendedText(broker, batchProperties)
  const entries = decodeBatchBody(Buffer.from(body.buffer, body.byteOffset, body.length))
  const messages = entries.map((entry): MessageToStore => {
    const properties = withAppended(entry.properties, appended)
    return { ...common, flag: entry.flag, body: entry.body, properties, tagsCode: tagsCodeOf(properties) }
  })
  const places = writer.putBatch(messages)
  const [first] = places
  if (first === undefined) throw new JavaException('java.lang.NullPointerException: the body is null')
  const reply = sendReplyHeader(msgIds(broker, places), queueId, first)
  const transactionId = broker.generation.sends.transactionId ? batchProperties[PROPERTY.UNIQ_KEY] : undefined
  return { code: 'SUCCESS', header: { ...reply, transactionId } }
}

function checkBatch(broker: Broker, header: SendHeader, properties: Readonly<Record<string, string>>): void {
  if (header.topic.length > MAX_TOPIC_LENGTH)
    throw refusal('MESSAGE_ILLEGAL', `message topic length too long ${header.topic.length}`)
  if (broker.generation.checksGroups && isRetryTopic(header.topic))
    throw refusal('MESSAGE_ILLEGAL', `batch request does not support retry group ${header.topic}`)
  if (transactionValue(header.sysFlag) !== 0 || Number(properties[PROPERTY.DELAY] ?? 0) > 0)
    throw broker.state.writer.illegal()
}

/** What of the properties of the batch as a whole goes to each of its messages. */
function appendedText({ generation, state }: Broker, properties: Record<string, string>): string {
  if (!generation.properties.batchToMessages) return ''
  properties[PROPERTY.CLUSTER] = state.clusterName
  return state.writer.propertiesText(properties)
}

function withAppended(properties: string, appended: string): string {
  if (appended === '') return properties
  const needsSeparator = properties !== '' && !properties.endsWith(PROPERTY_SEPARATOR)
  return properties + (needsSeparator ? PROPERTY_SEPARATOR : '') + appended
}

function tagsCodeOf(properties: string): number {
  return properties.includes(PROPERTY.TAGS) ? tagsCode(decodeProperties(properties)[PROPERTY.TAGS]) : 0
}

function msgIds(broker: Broker, places: readonly StoredAt[]): string {
  return places.map(({ commitLogOffset }) => offsetMsgId(broker, commitLogOffset)).join(',')
}
