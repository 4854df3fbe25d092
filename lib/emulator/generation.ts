import type { ResponseCode } from '../commands/response-code'
import type { BrokerFacts } from '../commands/topic-route-json'
import { LANGUAGES } from '../wire/language'
import type { SerializeType } from '../wire/remoting-command'

/** Which generation of brokers and name servers the emulator behaves as: 4.9.4 or 5.5.0. */
export type EmulatedVersion = '4.9' | '5'

/** All that differs between the generations; handlers ask this table and never for a version. */
export interface Generation {
  /** Other requests are answered REQUEST_CODE_NOT_SUPPORTED. */
  readonly knows: (command: { readonly since: string | undefined }) => boolean
  /** MQVersion ordinal that answers carry. */
  readonly mqVersion: number
  /** Header form of an answer by that of its request. */
  readonly replyType: (requested: SerializeType) => SerializeType
  /** Languages that its frames can name. */
  readonly languages: ReadonlySet<string>
  /** Page that remarks point to. */
  readonly helpUrl: string
  /** Answer to a wrong topic name or queue id. */
  readonly invalidParameter: ResponseCode
  /** Remarks about names repeat the name. */
  readonly quotesNames: boolean
  /** Longer names of retry and dead-letter topics are allowed, and group names are checked. */
  readonly checksGroups: boolean
  /** What routes tell of every broker besides its name and addresses. */
  readonly brokerFacts: BrokerFacts
  /** What a broker tells of itself that the other generation tells otherwise or not at all. */
  readonly runtimeInfo: Readonly<Record<string, string>>
  readonly topics: TopicTraits
  readonly properties: PropertyTraits
  readonly sends: SendTraits
  readonly clients: ClientTraits
  readonly offsets: OffsetTraits
  readonly pulls: PullTraits
  readonly filters: FilterTraits
  readonly transactions: TransactionTraits
}

interface TopicTraits {
  /** Topics besides those that both generations have, with their queues. */
  readonly system: readonly { readonly name: string; readonly queues: number; readonly perm?: number }[]
  readonly hasAttributes: boolean
  /** Committed offsets go with a deleted topic. */
  readonly deletesOffsets: boolean
  /** Topic stats cover queues that can be read but not written. */
  readonly statsOfReadQueues: boolean
}

interface PropertyTraits {
  /** The text of properties ends with a separator. */
  readonly lastSeparator: boolean
  /** MSG_REGION, TRACE_ON and a missing UNIQ_KEY are added to what is stored. */
  readonly complete: boolean
  /** A WAIT property of a message without delay is stored as it was sent. */
  readonly keepsWait: boolean
  /** The properties of a batch are appended to each of its messages. */
  readonly batchToMessages: boolean
  /** Tags are in the key index too. */
  readonly indexesTags: boolean
}

interface SendTraits {
  /** Timer properties are followed, and answers carry a transaction id. */
  readonly timers: boolean
  readonly transactionId: boolean
  /** An empty body is refused. */
  readonly needsBody: boolean
  /** A batch that is too large is caught late, by an exception. */
  readonly throwsAtLargeBatch: boolean
  /** A message that goes to the dead letters must say which topic it is from. */
  readonly needsOriginTopic: boolean
  /** A slave's answer to what changes something. */
  readonly slaveRefusal: { readonly code: ResponseCode; readonly remark: string }
  /** A message sent to a retry topic goes to the dead letters when it was consumed so often. */
  readonly isDead: (reconsumeTimes: number, maxReconsumeTimes: number) => boolean
  /** It does so at once where a client of the group holds a queue lock. */
  readonly orderlyToDeadLetters: boolean
}

interface ClientTraits {
  /** Heartbeats of groups without settings still register them. */
  readonly registersUnknownGroups: boolean
  /** Heartbeat answers tell that version 2 of heartbeats is known. */
  readonly heartbeatV2: boolean
  /** Members of broadcasting groups hear of joins too. */
  readonly notifiesBroadcasting: boolean
  /** An expired registration takes the client's channel with it even where that is a newer one. */
  readonly expiryDropsNewerChannel: boolean
  /** A producer group that has lost its last client is still known. */
  readonly keepsEmptyProducerGroups: boolean
}

interface OffsetTraits {
  /** Offsets are reset by the broker itself; else the members of the group are told to. */
  readonly resetByBroker: boolean
  /** Commits for unknown groups and topics are refused. */
  readonly checksCommits: boolean
  /** A group that never committed is at 0 on a queue that never had a message. */
  readonly zeroOnEmptyQueue: boolean
  /** `setZeroIfNotFound` is read. */
  readonly readsSetZero: boolean
  readonly pullOffsets: boolean
  /** How a time is turned into an offset where the request does not say. */
  readonly timeBoundary: 'lower' | 'nearest'
  readonly readsBoundary: boolean
}

interface PullTraits {
  /** The answer tells sysFlags of topic and group, and what forbade a pull. */
  readonly flags: boolean
  /** Slaves wake waiting pulls when a message arrives; else they look every 5 s. */
  readonly slavesWake: boolean
  /** A slave sends pulls that found nothing to its master while that is up. */
  readonly slavesRedirect: boolean
  /** To ask for less than no messages is an exception; else it is to ask for one. */
  readonly throwsAtNegativeCount: boolean
}

interface FilterTraits {
  /** SQL92 has CONTAINS, STARTSWITH and ENDSWITH; else they are names, and what follows a whole expression is ignored. */
  readonly textOperators: boolean
}

interface TransactionTraits {
  /** How often half messages are looked at unless said otherwise, ms. */
  readonly checkIntervalMs: number
  /** A half message has its transaction id as a property. */
  readonly namesTransaction: boolean
  /** A question to a producer names the topic of half messages. */
  readonly checkNamesTopic: boolean
  /** What was committed keeps the properties that say where it is meant for. */
  readonly keepsPlace: boolean
  /** Once the immunity time of a message is over, only an answer to a check ends its transaction. */
  readonly refusesLateEnds: boolean
  /** What follows the offset in a mark of a half message that is done. */
  readonly opSeparator: string
}

const FAQ_4 = 'http://rocketmq.apache.org/docs/faq/'
const FAQ_5 = 'https://rocketmq.apache.org/docs/bestPractice/06FAQ'

const V4: Generation = {
  knows: ({ since }) => since === undefined || !since.startsWith('5.'),
  mqVersion: 401,
  replyType: requested => requested,
  languages: new Set(LANGUAGES.filter(language => language !== 'NODE_JS')),
  helpUrl: FAQ_4,
  invalidParameter: 'SYSTEM_ERROR',
  quotesNames: false,
  checksGroups: false,
  brokerFacts: {},
  runtimeInfo: { brokerVersionDesc: 'V4_9_4', brokerVersion: '401', getTransferedTps: '0.0 0.0 0.0' },
  topics: {
    system: [{ name: 'RMQ_SYS_TRANS_HALF_TOPIC', queues: 1 }],
    hasAttributes: false,
    deletesOffsets: false,
    statsOfReadQueues: false,
  },
  properties: {
    lastSeparator: false,
    complete: false,
    keepsWait: false,
    batchToMessages: true,
    indexesTags: false,
  },
  sends: {
    timers: false,
    transactionId: false,
    needsBody: false,
    throwsAtLargeBatch: false,
    needsOriginTopic: false,
    slaveRefusal: {
      code: 'SERVICE_NOT_AVAILABLE',
      remark:
        "service not available now. It may be caused by one of the following reasons: the broker's disk is full, messages are put to the slave, message store has been shut down, etc.",
    },
    isDead: (times, max) => times >= max,
    orderlyToDeadLetters: false,
  },
  clients: {
    registersUnknownGroups: true,
    heartbeatV2: false,
    notifiesBroadcasting: true,
    expiryDropsNewerChannel: true,
    keepsEmptyProducerGroups: true,
  },
  offsets: {
    resetByBroker: false,
    checksCommits: false,
    zeroOnEmptyQueue: true,
    readsSetZero: false,
    pullOffsets: false,
    timeBoundary: 'nearest',
    readsBoundary: false,
  },
  pulls: { flags: false, slavesWake: false, slavesRedirect: false, throwsAtNegativeCount: true },
  filters: { textOperators: false },
  transactions: {
    checkIntervalMs: 60_000,
    namesTransaction: false,
    checkNamesTopic: false,
    keepsPlace: true,
    refusesLateEnds: false,
    opSeparator: '',
  },
}

const V5: Generation = {
  knows: () => true,
  mqVersion: 513,
  replyType: () => 'JSON',
  languages: new Set(LANGUAGES),
  helpUrl: FAQ_5,
  invalidParameter: 'INVALID_PARAMETER',
  quotesNames: true,
  checksGroups: true,
  brokerFacts: { enableActingMaster: false },
  runtimeInfo: {
    brokerVersionDesc: 'V5_5_0',
    brokerActive: 'true',
    getTransferredTps: '0.0 0.0 0.0',
    timerReadBehind: '0',
    timerOffsetBehind: '0',
    timerCongestNum: '0',
    timerEnqueueTps: '0.0',
    timerDequeueTps: '0.0',
    ackThreadPoolQueueSize: '0',
    ackThreadPoolQueueHeadWaitTimeMills: '0',
  },
  topics: {
    system: [
      { name: 'rmq_sys_REVIVE_LOG_{cluster}', queues: 8 },
      { name: 'rmq_sys_SYNC_BROKER_MEMBER_{broker}', queues: 1, perm: 1 },
      { name: 'RMQ_SYS_TRANS_HALF_TOPIC', queues: 1 },
      { name: 'RMQ_SYS_TRANS_OP_HALF_TOPIC', queues: 1 },
      { name: 'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC', queues: 1 },
      { name: 'RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC', queues: 1 },
      { name: 'rmq_sys_wheel_timer', queues: 1 },
    ],
    hasAttributes: true,
    deletesOffsets: true,
    statsOfReadQueues: true,
  },
  properties: { lastSeparator: true, complete: true, keepsWait: true, batchToMessages: false, indexesTags: true },
  sends: {
    timers: true,
    transactionId: true,
    needsBody: true,
    throwsAtLargeBatch: true,
    needsOriginTopic: true,
    slaveRefusal: { code: 'SYSTEM_BUSY', remark: '[REJECTREQUEST]system busy, start flow control for a while' },
    isDead: (times, max) => times > max,
    orderlyToDeadLetters: true,
  },
  clients: {
    registersUnknownGroups: false,
    heartbeatV2: true,
    notifiesBroadcasting: false,
    expiryDropsNewerChannel: false,
    keepsEmptyProducerGroups: false,
  },
  offsets: {
    resetByBroker: true,
    checksCommits: true,
    zeroOnEmptyQueue: false,
    readsSetZero: true,
    pullOffsets: true,
    timeBoundary: 'lower',
    readsBoundary: true,
  },
  pulls: { flags: true, slavesWake: true, slavesRedirect: true, throwsAtNegativeCount: false },
  filters: { textOperators: true },
  transactions: {
    checkIntervalMs: 30_000,
    namesTransaction: true,
    checkNamesTopic: true,
    keepsPlace: false,
    refusesLateEnds: true,
    opSeparator: ',',
  },
}

/** The one table of differences. */
export const GENERATIONS: Readonly<Record<EmulatedVersion, Generation>> = { '4.9': V4, '5': V5 }
