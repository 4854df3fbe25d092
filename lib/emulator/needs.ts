import { HEART_BEAT } from '../commands/client'
import { decodeRequest } from '../commands/command'
import { COMMANDS } from '../commands/index'
import type { RemotingCommand } from '../wire/remoting-command'
import type { Need } from './accounts'

type Field = readonly [kind: Need['kind'], field: string, perm: Need['perm']]

const RETRY_PREFIX = '%RETRY%'
const READ_BY_GROUP: readonly Field[] = [
  ['topic', 'topic', 'SUB'],
  ['group', 'consumerGroup', 'SUB'],
]

/** The fields of requests that name what they are about, as real brokers look at them. */
const FIELDS: ReadonlyMap<number, readonly Field[]> = new Map<number, readonly Field[]>([
  [COMMANDS.SEND_MESSAGE.code, [['topic', 'topic', 'PUB']]],
  [COMMANDS.SEND_MESSAGE_V2.code, [['topic', 'b', 'PUB']]],
  [COMMANDS.SEND_BATCH_MESSAGE.code, [['topic', 'b', 'PUB']]],
  [COMMANDS.RECALL_MESSAGE.code, [['topic', 'topic', 'PUB']]],
  [COMMANDS.CONSUMER_SEND_MSG_BACK.code, [['group', 'group', 'SUB']]],
  [COMMANDS.PULL_MESSAGE.code, READ_BY_GROUP],
  [COMMANDS.POP_MESSAGE.code, READ_BY_GROUP],
  [COMMANDS.UPDATE_CONSUMER_OFFSET.code, READ_BY_GROUP],
  [COMMANDS.QUERY_MESSAGE.code, [['topic', 'topic', 'SUB']]],
  [COMMANDS.GET_CONSUMER_LIST_BY_GROUP.code, [['group', 'consumerGroup', 'SUB']]],
  [COMMANDS.UNREGISTER_CLIENT.code, [['group', 'consumerGroup', 'SUB']]],
])

const ADMIN_CODES: ReadonlySet<number> = new Set(
  [
    COMMANDS.UPDATE_AND_CREATE_TOPIC,
    COMMANDS.DELETE_TOPIC_IN_BROKER,
    COMMANDS.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
    COMMANDS.DELETE_SUBSCRIPTIONGROUP,
  ].map(({ code }) => code),
)

/** True for what only an administrator may do. */
export function needsAdmin({ code }: RemotingCommand): boolean {
  return ADMIN_CODES.has(code)
}

/** What the sender of a request must be allowed to do. */
export function needsOf(frame: RemotingCommand): Need[] {
  if (frame.code === HEART_BEAT.code) return needsOfHeartbeat(frame)
  const fields = FIELDS.get(frame.code) ?? []
  return fields.flatMap(([kind, field, perm]) => {
    const name = frame.extFields?.[field]
    return typeof name === 'string' ? [ofRetryTopic({ kind, name, perm })] : []
  })
}

function needsOfHeartbeat(frame: RemotingCommand): Need[] {
  return decodeRequest(HEART_BEAT, frame).body.consumerDataSet.flatMap(({ groupName, subscriptionDataSet }) => [
    { kind: 'group', name: groupName, perm: 'SUB' },
    ...subscriptionDataSet.map(({ topic }) => ofRetryTopic({ kind: 'topic', name: topic, perm: 'SUB' })),
  ])
}

/** The retry topic of a group belongs to it. */
function ofRetryTopic(need: Need): Need {
  if (need.kind === 'group' || !need.name.startsWith(RETRY_PREFIX)) return need
  return { kind: 'group', name: need.name.slice(RETRY_PREFIX.length), perm: 'SUB' }
}
