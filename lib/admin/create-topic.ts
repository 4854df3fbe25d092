import { CALL_OPTIONS, checkedRange } from '../client/checked-options'
import {
  GET_KV_CONFIG,
  GET_ROUTEINFO_BY_TOPIC,
  ORDER_TOPIC_CONFIG,
  PUT_KV_CONFIG,
  DELETE_KV_CONFIG,
} from '../commands/route'
import { UPDATE_AND_CREATE_TOPIC } from '../commands/topic'
import { RocketMQError } from '../errors'
import { type OptionNames, checkedFlag } from '../model/option-checks'
import { PERM, isValidPerm } from '../model/perm'
import { AUTO_CREATE_TOPIC } from '../model/system-topics'
import type { TopicRoute } from '../model/topic-route'
import { checkTopic } from '../model/validators'
import type { CallOptions } from '../remoting/remoting-client'
import { backoffMs } from '../runtime/random'
import type { AdminCall } from './admin-call'
import { type BrokerScope, type BrokerTarget, mastersOf } from './brokers'
import { checkOneOf, checkScope } from './checks'
import { onEachBroker } from './on-each-broker'

/** What messages a topic is for, as brokers from 5.0 keep it (attribute `message.type`). */
export type TopicMessageType =
  'UNSPECIFIED' | 'NORMAL' | 'FIFO' | 'DELAY' | 'TRANSACTION' | 'PRIORITY' | 'LITE' | 'MIXED'

/** A topic as it shall be. A topic that exists is changed to it; more queues can be added and taken away, messages stay. */
export interface TopicSettings extends BrokerScope, CallOptions {
  /** Name of the topic. */
  readonly topic: string
  /** Queues that consumers read, on each broker; default 8. */
  readonly readQueueNums?: number
  /** Queues that producers write, on each broker; default 8. */
  readonly writeQueueNums?: number
  /** Permission: a sum of 4 (read), 2 (write) and 1 (inherit), or its letters; default `'RW'`. */
  readonly perm?: number | 'RW' | 'R' | 'W'
  /**
   * True fixes the order of the queues at the name servers (`ORDER_TOPIC_CONFIG`), so that it does not change while a
   * broker is away; false takes that back; default is to leave it there as it is. Name servers tell clients of it only
   * with `orderMessageEnable`.
   */
  readonly order?: boolean
  /** Default is to leave it as it is. Brokers before 5.0 do not know it: UNSUPPORTED_BY_BROKER. */
  readonly messageType?: TopicMessageType
}

/** Their names. */
export const TOPIC_SETTINGS: OptionNames<TopicSettings> = {
  ...CALL_OPTIONS,
  clusterName: true,
  brokerAddress: true,
  topic: true,
  readQueueNums: true,
  writeQueueNums: true,
  perm: true,
  order: true,
  messageType: true,
}

const DEFAULT_QUEUES = 8
const MAX_QUEUES = 65_535
const LETTERS: Readonly<Record<string, number>> = { RW: PERM.READ | PERM.WRITE, R: PERM.READ, W: PERM.WRITE }
const MESSAGE_TYPES: readonly TopicMessageType[] = [
  'UNSPECIFIED',
  'NORMAL',
  'FIFO',
  'DELAY',
  'TRANSACTION',
  'PRIORITY',
  'LITE',
  'MIXED',
]
/** MQVersion ordinal of 5.0.0, from which on topics have attributes. */
const VERSION_5_0_0 = 413
const POLL_FIRST_MS = 50
const POLL_LAST_MS = 1000

interface TopicConfig {
  readonly topic: string
  readonly readQueueNums: number
  readonly writeQueueNums: number
  readonly perm: number
}

/** Creates a topic on every master of the scope, or changes it, and resolves when the name servers tell of it. */
export async function createTopic(call: AdminCall, settings: TopicSettings): Promise<void> {
  const config = configOf(settings)
  const { topic, order, messageType } = settings
  const what = `creating topic ${topic}`
  const targets = await mastersOf(call, settings)
  if (messageType !== undefined)
    await onEachBroker(targets, what, ({ address }) => mustKnowAttributes(call, address, messageType))
  const header = {
    ...config,
    defaultTopic: AUTO_CREATE_TOPIC,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
    order: order ?? false,
    attributes: messageType === undefined ? undefined : `+message.type=${messageType}`,
  }
  await onEachBroker(targets, what, ({ address }) => call.broker(address, UPDATE_AND_CREATE_TOPIC, { header }))
  if (order === true) await fixOrder(call, { ...config, targets, replace: settings.brokerAddress === undefined })
  if (order === false) await freeOrder(call, topic)
  await untilRouted(call, config, targets)
}

/** Takes the fixed order of the queues of a topic back. */
export async function freeOrder(call: AdminCall, topic: string): Promise<void> {
  await call.everyNameServer(DELETE_KV_CONFIG, { header: { namespace: ORDER_TOPIC_CONFIG, key: topic } })
}

function configOf(settings: TopicSettings): TopicConfig {
  const { topic, readQueueNums = DEFAULT_QUEUES, writeQueueNums = DEFAULT_QUEUES, perm = 'RW', messageType } = settings
  checkTopic(topic)
  checkScope(settings)
  checkedFlag('order', settings.order, false)
  if (messageType !== undefined) checkOneOf('messageType', messageType, MESSAGE_TYPES)
  return {
    topic,
    readQueueNums: checkedRange('readQueueNums', readQueueNums, 1, MAX_QUEUES),
    writeQueueNums: checkedRange('writeQueueNums', writeQueueNums, 1, MAX_QUEUES),
    perm: permOf(perm),
  }
}

function permOf(perm: number | string): number {
  const bits = typeof perm === 'string' ? LETTERS[perm] : perm
  if (bits !== undefined && Number.isInteger(bits) && isValidPerm(bits)) return bits
  throw new RocketMQError('INVALID_ARGUMENT', `perm is ${perm}; it must be RW, R, W or a number from 0 to 7`)
}

async function mustKnowAttributes(call: AdminCall, address: string, messageType: string): Promise<void> {
  if ((await call.client.learnVersion(address, call.limits())) >= VERSION_5_0_0) return
  const says = `the broker at ${address} is older than 5.0 and has no message types: leave messageType ${messageType} out`
  throw new RocketMQError('UNSUPPORTED_BY_BROKER', says, { address })
}

interface Order {
  readonly topic: string
  readonly writeQueueNums: number
  readonly targets: readonly BrokerTarget[]
  /** False where other brokers keep their place in it. */
  readonly replace: boolean
}

async function fixOrder(call: AdminCall, { topic, writeQueueNums, targets, replace }: Order): Promise<void> {
  const place = { namespace: ORDER_TOPIC_CONFIG, key: topic }
  const known = replace ? undefined : await call.nameServer(GET_KV_CONFIG, { header: place })
  const parts = new Map<string, string>()
  for (const part of (known?.code === 'SUCCESS' ? (known.header.value ?? '') : '').split(';'))
    if (part !== '') parts.set(part.split(':')[0] as string, part)
  for (const { brokerName } of targets) parts.set(brokerName, `${brokerName}:${writeQueueNums}`)
  const value = [...parts.values()].join(';')
  await call.everyNameServer(PUT_KV_CONFIG, { header: { ...place, value } })
}

/** Brokers tell the name servers within the request, as a rule, but nothing promises that. */
async function untilRouted(call: AdminCall, config: TopicConfig, targets: readonly BrokerTarget[]): Promise<void> {
  const { topic } = config
  for (let attempt = 0; ; attempt++) {
    const answers = await call.client.nameServers.invokeEach(
      GET_ROUTEINFO_BY_TOPIC,
      { header: { topic, acceptStandardJsonOnly: true } },
      call.limits(),
    )
    // A name server that is down does not count, as long as there is another.
    const replies = answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
    const shown = replies.every(reply => reply.code === 'SUCCESS' && shows(reply.body, config, targets))
    if (shown && replies.length > 0) return
    const wait = backoffMs(attempt, POLL_FIRST_MS, POLL_LAST_MS)
    if (wait >= call.leftMs) throw notRouted(call, topic, targets)
    await call.sleep(wait)
  }
}

/** A broker that has itself less permission registers less. */
function shows({ queueDatas }: TopicRoute, config: TopicConfig, targets: readonly BrokerTarget[]): boolean {
  return targets.every(({ brokerName, address }) =>
    queueDatas.some(
      data =>
        (data.brokerName === brokerName || brokerName === address) &&
        data.readQueueNums === config.readQueueNums &&
        data.writeQueueNums === config.writeQueueNums &&
        (data.perm & ~config.perm) === 0,
    ),
  )
}

function notRouted(call: AdminCall, topic: string, targets: readonly BrokerTarget[]): RocketMQError {
  const names = targets.map(({ brokerName }) => brokerName).join(', ')
  const says = `topic ${topic} was created on ${names}, but not every name server told of it within ${call.timeoutMs} ms`
  return new RocketMQError('TOPIC_NOT_FOUND', says, { topic })
}
