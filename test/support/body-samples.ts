import type { COMMANDS } from '../../lib/commands/index'
import type { SubscriptionData } from '../../lib/model/consumer-types'
import type { MessageQueue } from '../../lib/model/message-queue'
import type { BrokerData } from '../../lib/model/topic-route'

const QUEUE: MessageQueue = { topic: '%RETRY%组', brokerName: 'broker-a', queueId: 3 }
const OTHER_QUEUE: MessageQueue = { topic: 'T', brokerName: '__proto__', queueId: 0 }
const BIG = Number.MAX_SAFE_INTEGER

const SUBSCRIPTION: SubscriptionData = {
  topic: 'T',
  subString: 'a || b',
  tagsSet: ['a', 'b'],
  codeSet: [97, -98],
  subVersion: 1_700_000_000_000,
  expressionType: 'SQL92',
  classFilterMode: true,
  filterClassSource: 'class A {}',
}

const BROKER: BrokerData = {
  cluster: 'c',
  brokerName: 'broker-a',
  brokerAddrs: new Map([
    [0, '10.0.0.1:10911'],
    [1, '[2001:db8::1]:10911'],
  ]),
  zoneName: 'z',
}

const LOCK = { consumerGroup: 'g', clientId: 'c@1', mqSet: [QUEUE, OTHER_QUEUE], onlyThisBroker: true }
const OFFSETS = {
  offsetTable: [
    [QUEUE, BIG],
    [OTHER_QUEUE, 0],
  ],
}
const PROCESS_QUEUE_INFO = {
  commitOffset: BIG,
  cachedMsgMinOffset: 1,
  cachedMsgMaxOffset: 2,
  cachedMsgCount: 3,
  cachedMsgSizeInMiB: 4,
  transactionMsgMinOffset: 5,
  transactionMsgMaxOffset: 6,
  transactionMsgCount: 7,
  locked: true,
  tryUnlockTimes: 8,
  lastLockTimestamp: 9,
  droped: true,
  lastPullTimestamp: 10,
  lastConsumeTimestamp: 11,
}
const TOPICS = { topicList: ['T', '%RETRY%g'], brokerAddr: 'h:1' }

interface Samples {
  readonly request?: readonly unknown[]
  readonly response?: readonly unknown[]
}

/**
 * Bodies of the rows whose body is not plain bytes, as they are read: a row whose body has no sample fails the round trip.
 */
export const BODY_SAMPLES: { readonly [Name in keyof typeof COMMANDS]?: Samples } = {
  CHECK_CLIENT_CONFIG: {
    request: [
      { clientId: 'c@1', group: 'g', namespace: 'ns', subscriptionData: SUBSCRIPTION },
      { clientId: undefined, group: undefined, namespace: undefined, subscriptionData: undefined },
    ],
  },
  HEART_BEAT: {
    request: [
      {
        clientID: '10.0.0.1@1#2',
        producerDataSet: [{ groupName: 'p' }],
        consumerDataSet: [
          {
            groupName: 'g',
            consumeType: 'CONSUME_ACTIVELY',
            messageModel: 'BROADCASTING',
            consumeFromWhere: 'CONSUME_FROM_TIMESTAMP',
            subscriptionDataSet: [SUBSCRIPTION],
            unitMode: true,
          },
        ],
        heartbeatFingerprint: -7,
        withoutSub: true,
      },
      { clientID: 'c', producerDataSet: [], consumerDataSet: [], heartbeatFingerprint: 0, withoutSub: false },
    ],
  },
  GET_CONSUMER_LIST_BY_GROUP: { response: [{ consumerIdList: ['a@1', 'b@2'] }, { consumerIdList: [] }] },
  LOCK_BATCH_MQ: { request: [LOCK], response: [{ lockOKMQSet: [QUEUE] }, { lockOKMQSet: [] }] },
  UNLOCK_BATCH_MQ: { request: [LOCK] },
  RESET_CONSUMER_CLIENT_OFFSET: { request: [OFFSETS, { offsetTable: [] }] },
  INVOKE_BROKER_TO_RESET_OFFSET: { response: [OFFSETS] },
  GET_CONSUMER_STATUS_FROM_CLIENT: {
    response: [{ messageQueueTable: [[QUEUE, BIG]] }, { messageQueueTable: [] }],
  },
  INVOKE_BROKER_TO_GET_CONSUMER_STATUS: {
    response: [{ consumerTable: new Map([['c@1', [[QUEUE, 1]]]]) }, { consumerTable: new Map() }],
  },
  GET_CONSUMER_RUNNING_INFO: {
    response: [
      {
        properties: new Map([['PROP_CONSUME_TYPE', 'CONSUME_PASSIVELY']]),
        subscriptionSet: [SUBSCRIPTION],
        mqTable: [[QUEUE, PROCESS_QUEUE_INFO]],
        statusTable: new Map([
          [
            'T',
            {
              pullRT: 1.5,
              pullTPS: 2,
              consumeRT: 3,
              consumeOKTPS: 4,
              consumeFailedTPS: 0.25,
              consumeFailedMsgs: 5,
            },
          ],
        ]),
        jstack: 'all is well',
      },
    ],
  },
  CONSUME_MESSAGE_DIRECTLY: {
    response: [
      { order: true, autoCommit: true, consumeResult: 'CR_THROW_EXCEPTION', remark: 'Error: no', spentTimeMills: 3 },
      { order: false, autoCommit: false, consumeResult: 'CR_SUCCESS', remark: undefined, spentTimeMills: 0 },
    ],
  },
  GET_ROUTEINFO_BY_TOPIC: {
    response: [
      {
        orderTopicConf: 'broker-a:4',
        queueDatas: [{ brokerName: 'broker-a', readQueueNums: 4, writeQueueNums: 8, perm: 6, topicSysFlag: 1 }],
        brokerDatas: [BROKER],
      },
    ],
  },
  GET_BROKER_CLUSTER_INFO: {
    response: [
      {
        brokerAddrTable: new Map([['broker-a', BROKER]]),
        clusterAddrTable: new Map([['c', ['broker-a', 'broker-b']]]),
      },
    ],
  },
  GET_ALL_TOPIC_LIST_FROM_NAMESERVER: { response: [TOPICS, { topicList: [] }] },
  GET_TOPIC_STATS_INFO: {
    response: [{ offsetTable: [[QUEUE, { minOffset: 1, maxOffset: BIG, lastUpdateTimestamp: 1_700_000_000_000 }]] }],
  },
  GET_TOPIC_CONFIG: {
    response: [
      {
        topicName: 'T',
        readQueueNums: 3,
        writeQueueNums: 2,
        perm: 4,
        topicFilterType: 'MULTI_TAG',
        topicSysFlag: 1,
        order: true,
        attributes: new Map([['message.type', 'FIFO']]),
      },
    ],
  },
  GET_BROKER_RUNTIME_INFO: { response: [{ table: new Map([['putTps', '0.0 0.0 0.0']]) }, { table: new Map() }] },
  QUERY_TOPIC_CONSUME_BY_WHO: { response: [{ groupList: ['g', 'h'] }, { groupList: [] }] },
  UPDATE_AND_CREATE_SUBSCRIPTIONGROUP: {
    request: [
      {
        groupName: 'g',
        consumeEnable: false,
        consumeFromMinEnable: false,
        consumeBroadcastEnable: false,
        consumeMessageOrderly: true,
        retryQueueNums: 2,
        retryMaxTimes: 3,
        brokerId: 1,
        whichBrokerWhenConsumeSlowly: 2,
        notifyConsumerIdsChangedEnable: false,
      },
    ],
  },
  GET_CONSUMER_CONNECTION_LIST: {
    response: [
      {
        connectionSet: [{ clientId: 'c@1', clientAddr: '10.0.0.1:5', language: 'JAVA', version: 513 }],
        subscriptionTable: new Map([['T', SUBSCRIPTION]]),
        consumeType: 'CONSUME_PASSIVELY',
        messageModel: 'CLUSTERING',
        consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
      },
    ],
  },
  GET_PRODUCER_CONNECTION_LIST: {
    response: [{ connectionSet: [{ clientId: 'c@1', clientAddr: '[::1]:5', language: undefined, version: 401 }] }],
  },
  BATCH_ACK_MESSAGE: {
    request: [
      { brokerName: undefined, acks: [] },
      {
        brokerName: 'broker-a',
        acks: [
          {
            consumerGroup: 'g',
            topic: 'T',
            retry: '1',
            startOffset: BIG,
            queueId: 2,
            reviveQueueId: 7,
            popTime: 1_700_000_000_000,
            invisibleTime: 60_000,
            bitSet: Buffer.from([0b101, 0, 1]),
          },
        ],
      },
    ],
  },
  QUERY_ASSIGNMENT: {
    request: [
      { topic: 'T', consumerGroup: 'g', clientId: 'c@1', strategyName: 'AVG', messageModel: 'BROADCASTING' },
      { topic: 'T', consumerGroup: 'g', clientId: 'c@1', strategyName: undefined, messageModel: 'CLUSTERING' },
    ],
    response: [
      { messageQueueAssignments: undefined },
      { messageQueueAssignments: [] },
      { messageQueueAssignments: [{ messageQueue: { ...QUEUE, queueId: -1 }, mode: 'POP' }] },
    ],
  },
  SET_MESSAGE_REQUEST_MODE: {
    request: [{ topic: 'T', consumerGroup: 'g', mode: 'POP', popShareQueueNum: 2 }],
  },
  GET_CONSUME_STATS: {
    response: [
      {
        consumeTps: 1.5,
        offsetTable: [[QUEUE, { brokerOffset: BIG, consumerOffset: 1, pullOffset: -1, lastTimestamp: 5 }]],
      },
    ],
  },
}
