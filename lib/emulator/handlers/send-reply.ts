import { PUSH_REPLY_MESSAGE_TO_CLIENT } from '../../commands/callback'
import { type ReplyOf, encodeRequest } from '../../commands/command'
import { RESPONSE_CODES } from '../../commands/response-code'
import { SEND_REPLY_MESSAGE } from '../../commands/send'
import { PROPERTY } from '../../model/property-names'
import { Invocation } from '../../remoting/invocation'
import { Refusal } from '../../remoting/refusal'
import type { RequestContext } from '../../remoting/request-handlers'
import { encodeProperties, decodeProperties } from '../../wire/properties'
import type { Broker } from '../broker'
import type { TopicConfig } from '../topics'
import { admitToTopic } from './send-check'
import { REGION_FIELDS, type SendRequest, offsetMsgId, queueOf, sendReplyHeader } from './send-common'

const PUSH_TIMEOUT_MS = 10_000

/** Pushes a reply to the client that asked, and stores it whether that has it or not. The answer tells of the push. */
export function sendReplyMessage(broker: Broker, request: SendRequest, context: RequestContext): undefined {
  const { header } = request
  const queueId = queueOf(header, admit(broker, request, context))
  const properties = decodeProperties(header.properties ?? '')
  void push(broker, request, { properties, context }).then(problem => {
    const code = RESPONSE_CODES[problem === undefined ? 'SUCCESS' : 'SYSTEM_ERROR'].code
    const extFields = SEND_REPLY_MESSAGE.responseHeader.encode(store(broker, request, { properties, queueId, context }))
    context.channel.reply(context.frame, { code, remark: problem, extFields })
  })
}

function admit(broker: Broker, { header }: SendRequest, context: RequestContext): TopicConfig {
  try {
    return admitToTopic(broker, header, context)
  } catch (error) {
    throw error instanceof Refusal ? error.with(REGION_FIELDS) : error
  }
}

interface Reply {
  readonly properties: Readonly<Record<string, string>>
  readonly context: RequestContext
}

/** Resolves with why the client has not taken the reply, if so. */
async function push(broker: Broker, { header, body }: SendRequest, reply: Reply): Promise<string | undefined> {
  const { properties, context } = reply
  const clientId = properties[PROPERTY.REPLY_TO_CLIENT]
  if (clientId === undefined) return `reply message properties[${PROPERTY.REPLY_TO_CLIENT}] is null`
  const channel = broker.clients.producers.pushChannel(clientId)
  if (channel === undefined) return `push reply message fail, channel of <${clientId}> not found.`
  const now = broker.clock.now()
  const { producerGroup, topic, defaultTopic, defaultTopicQueueNums, queueId, sysFlag, bornTimestamp, flag } = header
  const command = PUSH_REPLY_MESSAGE_TO_CLIENT
  const content = encodeRequest(command, {
    header: {
      ...{ producerGroup, topic, defaultTopic, defaultTopicQueueNums, queueId, sysFlag, bornTimestamp, flag },
      properties: encodeProperties({ ...properties, [PROPERTY.PUSH_REPLY_TIME]: String(now) }),
      reconsumeTimes: header.reconsumeTimes ?? 0,
      unitMode: header.unitMode ?? false,
      bornHost: context.channel.address,
      storeHost: broker.address,
      storeTimestamp: now,
    },
    body,
  })
  const asked = new Promise<ReplyOf<typeof command>>((resolve, reject) => {
    const { address } = channel
    channel.request(new Invocation({ command, content, address, signal: undefined, resolve, reject }), PUSH_TIMEOUT_MS)
  })
  return asked.then(
    () => undefined,
    () => `push reply message to ${clientId}fail.`,
  )
}

function store(
  broker: Broker,
  { header, body }: SendRequest,
  { properties, queueId, context }: Reply & { readonly queueId: number },
): Parameters<typeof SEND_REPLY_MESSAGE.responseHeader.encode>[0] {
  const stored = broker.state.writer.put({
    topic: header.topic,
    queueId,
    flag: header.flag,
    body,
    properties: { ...properties },
    sysFlag: 0,
    bornTimestamp: header.bornTimestamp,
    bornHost: broker.bornHost(context.channel),
    storeHost: broker.storeHost,
    reconsumeTimes: header.reconsumeTimes ?? 0,
  })
  return sendReplyHeader(offsetMsgId(broker, stored.commitLogOffset), queueId, stored)
}
