import type { ClientInstance } from '../../client/client-instance'
import { PULL_MESSAGE } from '../../commands/pull'
import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { buildPullSysFlag } from '../../model/pull-sys-flag'
import { SUB_ALL } from '../../model/subscription'
import { groupProblem } from '../../model/validators'
import { BrokerOffsetStore } from './broker-offset-store'
import type { OffsetStore } from './offset-store'

type OffsetClient = Pick<ClientInstance, 'remoting' | 'routes' | 'offsets'>

/** Stands between the group and the key of one of its members. */
const SEPARATOR = '|'

/** Whose offsets are kept. */
export interface InstanceOffsetsOptions {
  readonly consumerGroup: string
  /** Tells this member from the others of the group, and is the same at each of its starts. */
  readonly broadcastOffsetKey: string
}

/**
 * The group that brokers keep the offsets of one member of a broadcasting group under.
 * @throws RocketMQError INVALID_ARGUMENT for a key that cannot be part of a group's name
 */
export function instanceOffsetGroup({ consumerGroup, broadcastOffsetKey: key }: InstanceOffsetsOptions): string {
  const group = `${consumerGroup}${SEPARATOR}${key}`
  const problem =
    typeof key === 'string' && /^[\w-]+$/.test(key) ? groupProblem(group) : 'letters, digits, _ and - only'
  if (problem === undefined) return group
  throw new RocketMQError('INVALID_ARGUMENT', `broadcastOffsetKey ${String(key)} cannot name a member: ${problem}`)
}

/**
 * Offsets of one member of a broadcasting group, on the queues' brokers. They take commits only of groups that exist, and
 * create groups, where they do that by themselves, at pulls: so each broker gets one before it is asked for an offset.
 */
export function instanceOffsets(client: OffsetClient, options: InstanceOffsetsOptions): OffsetStore {
  const group = instanceOffsetGroup(options)
  const known = new Set<string>()
  const createGroup = async (queue: MessageQueue): Promise<void> => {
    const address = client.routes.masterAddress(client.routes.hostOf(queue))
    // A slave takes its groups over from its master.
    if (address === undefined || known.has(address)) return
    await client.remoting.invoke(address, PULL_MESSAGE, { header: headerOf(group, queue) })
    known.add(address)
  }
  return new BrokerOffsetStore(group, client.offsets, createGroup)
}

function headerOf(consumerGroup: string, { topic, queueId, brokerName }: MessageQueue) {
  const flags = { commitOffset: false, suspend: false, subscription: true, classFilter: false, litePull: false }
  return {
    consumerGroup,
    topic,
    queueId,
    queueOffset: 0,
    maxMsgNums: 1,
    sysFlag: buildPullSysFlag(flags),
    commitOffset: 0,
    suspendTimeoutMillis: 0,
    subscription: SUB_ALL,
    subVersion: 0,
    expressionType: 'TAG',
    bname: brokerName,
  }
}
