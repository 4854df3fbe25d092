import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../commands/callback'
import { type AnyCommand, type ReplyOf, type RequestOf, encodeReply, encodeRequest } from '../../commands/command'
import {
  CONSUME_MESSAGE_DIRECTLY,
  GET_CONSUMER_RUNNING_INFO,
  INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
} from '../../commands/consumer-status'
import type { MessageQueue } from '../../model/message-queue'
import { Invocation } from '../../remoting/invocation'
import type { RequestContext } from '../../remoting/request-handlers'
import { toSafeInteger } from '../../wire/int64'
import { decodeOffsetMsgId } from '../../wire/message-id'
import type { Broker } from '../broker'
import type { ClientRegistration } from '../client-registration'
import { JavaException, NO_REMARK, refusal } from '../refusal'
import { Relay } from '../relay'

const RELAY_TIMEOUT_MS = 10_000
const STATUS_TIMEOUT_MS = 5000

/** Passes a question on to the member of a group that it is meant for, and its answer back. */
export function getConsumerRunningInfo(
  broker: Broker,
  request: RequestOf<typeof GET_CONSUMER_RUNNING_INFO>,
  asker: RequestContext,
): undefined {
  const { consumerGroup, clientId } = request.header
  const to = { consumerGroup, clientId }
  relay(broker, { command: GET_CONSUMER_RUNNING_INFO, request, to, asker })
}

/** As above, with the stored message that is named. */
export function consumeMessageDirectly(
  broker: Broker,
  { header }: RequestOf<typeof CONSUME_MESSAGE_DIRECTLY>,
  asker: RequestContext,
): undefined {
  const body = storedMessage(broker, header.msgId)
  const { consumerGroup, clientId, topic } = header
  const isKnownTopic = topic !== undefined && broker.state.topics.get(topic) !== undefined
  const flags = {
    brokerName: broker.name,
    ...(isKnownTopic ? { topicSysFlag: 0 } : {}),
    ...(broker.state.groups.has(consumerGroup) ? { groupSysFlag: 0 } : {}),
  }
  const request = { header: { ...header, ...flags }, body }
  const to = { consumerGroup, clientId: clientId ?? 'null' }
  relay(broker, { command: CONSUME_MESSAGE_DIRECTLY, request, to, asker })
}

/** Asks the members of a group, or one of them, how far they are; those that do not answer are left out. */
export function invokeBrokerToGetConsumerStatus(
  broker: Broker,
  { header }: RequestOf<typeof INVOKE_BROKER_TO_GET_CONSUMER_STATUS>,
  { channel, frame }: RequestContext,
): undefined {
  const { topic, group, clientAddr = '' } = header
  const online = broker.clients.consumers.get(group)
  if (online === undefined) throw new JavaException('java.lang.NullPointerException: there is no such consumer group')
  const asked = [...online.members.values()].filter(({ clientId }) => clientAddr === '' || clientId === clientAddr)
  const answers = asked.map(async member => [member.clientId, await statusOf(member, topic, group)] as const)
  void Promise.all(answers).then(table => {
    const told = table.flatMap(([clientId, queues]) => (queues === undefined ? [] : [[clientId, queues] as const]))
    const reply = { code: 'SUCCESS', remark: NO_REMARK, body: { consumerTable: new Map(told) } } as const
    channel.reply(frame, encodeReply(INVOKE_BROKER_TO_GET_CONSUMER_STATUS, reply))
  })
}

interface Question<C extends AnyCommand> {
  readonly command: C
  readonly request: RequestOf<C>
  readonly to: { readonly consumerGroup: string; readonly clientId: string }
  readonly asker: RequestContext
}

function relay<C extends AnyCommand>(broker: Broker, { command, request, to, asker }: Question<C>): void {
  const members = broker.clients.consumers.get(to.consumerGroup)?.members.values() ?? []
  const member = [...members].find(({ clientId }) => clientId === to.clientId)
  if (member === undefined)
    throw refusal('SYSTEM_ERROR', `The Consumer <${to.consumerGroup}> <${to.clientId}> not online`)
  const content = encodeRequest(command, request)
  member.channel.request(new Relay({ command, content, asker, ...to }), RELAY_TIMEOUT_MS)
}

function storedMessage(broker: Broker, msgId: string | undefined): Buffer {
  if (msgId === undefined) throw new JavaException('java.lang.NullPointerException: "msgId" is null')
  const { commitLogOffset } = decodeOffsetMsgId(msgId)
  const record = broker.state.store.log.readRecord(toSafeInteger(commitLogOffset, 'the commit-log offset'))
  if (record === undefined) throw new JavaException('java.lang.NullPointerException: there is no message at the offset')
  return record
}

async function statusOf(
  { channel }: ClientRegistration,
  topic: string,
  group: string,
): Promise<readonly (readonly [MessageQueue, number])[] | undefined> {
  const command = GET_CONSUMER_STATUS_FROM_CLIENT
  const content = encodeRequest(command, { header: { topic, group } })
  const asked = new Promise<ReplyOf<typeof command>>((resolve, reject) => {
    const { address } = channel
    channel.request(
      new Invocation({ command, content, address, signal: undefined, resolve, reject }),
      STATUS_TIMEOUT_MS,
    )
  })
  return asked.then(
    ({ body }) => body.messageQueueTable,
    () => undefined,
  )
}
