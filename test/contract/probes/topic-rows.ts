import type { RequestOf } from '../../../lib/commands/command'
import { DELETE_TOPIC_IN_BROKER, GET_TOPIC_CONFIG, UPDATE_AND_CREATE_TOPIC } from '../../../lib/commands/topic'
import { INVALID, NO_REMARK, exceptionRemark } from './answers'
import { byVersion, like, onlyIn4 } from './expected'
import { freshTopic, ordersOf, topicHeader } from './given'
import { by5 } from './pop-given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const create = rowsOf(UPDATE_AND_CREATE_TOPIC)
const remove = rowsOf(DELETE_TOPIC_IN_BROKER)
const settings = rowsOf(GET_TOPIC_CONFIG)

type Header = Partial<RequestOf<typeof UPDATE_AND_CREATE_TOPIC>['header']>

const newTopic = async (stage: Stage): Promise<string> => stage.unique('Probe')
const request = (topic: string, header: Header = {}) => ({ header: topicHeader(topic, header) })

const CREATED = { remark: NO_REMARK }
/** Attributes are of 5.x alone; 4.9 takes no notice. */
const onlySince5 = (remark: string) => ({ remark: byVersion({ '4.9': NO_REMARK, '5': remark }) })
const REFUSED_BY_5 = byVersion({ '4.9': 'SUCCESS', '5': 'SYSTEM_ERROR' } as const)

export const CREATE_TOPIC_ROWS = [
  create({
    name: 'a topic is created',
    given: newTopic,
    request: topic => request(topic, { readQueueNums: 4, writeQueueNums: 4 }),
    code: 'SUCCESS',
    answer: CREATED,
  }),
  create({
    name: 'a topic is changed',
    given: freshTopic,
    request: topic => request(topic, { readQueueNums: 3, perm: 4, order: true, topicSysFlag: 1 }),
    code: 'SUCCESS',
    answer: CREATED,
  }),
  create({
    name: 'a topic may be without queues',
    given: newTopic,
    request: topic => request(topic, { readQueueNums: 0, writeQueueNums: 0 }),
    code: 'SUCCESS',
    answer: CREATED,
  }),
  create({
    name: 'a topic may have a permission that is none',
    given: newTopic,
    request: topic => request(topic, { perm: 99 }),
    code: 'SUCCESS',
    answer: CREATED,
  }),
  create({
    name: 'the retry topic of a group is created as any other',
    given: async stage => `%RETRY%${stage.unique('probe')}`,
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: CREATED,
  }),
  create({
    name: 'a name with illegal characters is refused',
    request: () => request('no.topic'),
    code: INVALID,
    answer: {
      remark: byVersion({
        '4.9': 'The specified topic contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$',
        '5': 'The specified topic: no.topic, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$',
      }),
    },
  }),
  create({
    name: 'a blank name is refused',
    request: () => request(''),
    code: INVALID,
    answer: { remark: 'The specified topic is blank.' },
  }),
  create({
    name: 'a name that is too long is refused',
    request: () => request('T'.repeat(128)),
    code: INVALID,
    answer: {
      remark: byVersion({
        '4.9': 'The specified topic is longer than topic max length.',
        '5': `The specified topic: ${'T'.repeat(128)}, is longer than topic max length: 127`,
      }),
    },
  }),
  create({
    name: 'a topic of the broker itself is refused',
    request: () => request('TBW102'),
    code: INVALID,
    answer: { remark: 'The topic[TBW102] is conflict with system topic.' },
  }),
  create({
    name: 'a topic of the name of the cluster is refused',
    request: (_, { broker }) => request(broker.cluster),
    code: INVALID,
    answer: (_, { broker }) => ({ remark: `The topic[${broker.cluster}] is conflict with system topic.` }),
  }),
  create({
    name: 'a long name of a retry topic is refused by 4.9 alone',
    given: async stage => `%RETRY%${stage.unique('g'.repeat(120))}`,
    request: topic => request(topic),
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'SUCCESS' } as const),
    answer: {
      remark: byVersion({ '4.9': 'The specified topic is longer than topic max length.', '5': NO_REMARK }),
    },
  }),
  create({
    name: 'a type of filter that nobody knows is an exception',
    given: newTopic,
    request: topic => request(topic, { topicFilterType: 'NO_TAG' }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  create({
    name: 'a header without a topic is one with a blank name to 4.9, and an exception in 5.x',
    request: () => request(''),
    without: ['topic'],
    code: 'SYSTEM_ERROR',
    answer: { remark: byVersion<unknown>({ '4.9': 'The specified topic is blank.', '5': exceptionRemark }) },
  }),
  create({
    name: 'a header without a number of queues is an exception',
    given: newTopic,
    request: topic => request(topic),
    without: ['writeQueueNums'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

export const ATTRIBUTE_ROWS = [
  create({
    name: 'a topic is created with an attribute',
    given: newTopic,
    request: topic => request(topic, { attributes: '+message.type=DELAY' }),
    code: 'SUCCESS',
    answer: CREATED,
  }),
  create({
    name: 'an attribute is taken away',
    given: stage => freshTopic(stage, { attributes: '+message.type=FIFO' }),
    request: topic => request(topic, { attributes: '-message.type' }),
    code: 'SUCCESS',
    answer: CREATED,
  }),
  create({
    name: 'an attribute that nobody knows is refused by 5.x',
    given: newTopic,
    request: topic => request(topic, { attributes: '+colour=red' }),
    code: REFUSED_BY_5,
    answer: onlySince5('unsupported key: colour'),
  }),
  create({
    name: 'a value that an attribute cannot have is refused by 5.x',
    given: newTopic,
    request: topic => request(topic, { attributes: '+message.type=HEAVY' }),
    code: REFUSED_BY_5,
    answer: { remark: byVersion<unknown>({ '4.9': NO_REMARK, '5': like(/value is not in set: .*/) }) },
  }),
  create({
    name: 'an attribute without a sign is refused by 5.x',
    given: newTopic,
    request: topic => request(topic, { attributes: 'message.type=FIFO' }),
    code: REFUSED_BY_5,
    answer: onlySince5('add/alter attribute format is wrong: message.type'),
  }),
  create({
    name: 'no attribute is taken away from a new topic by 5.x',
    given: newTopic,
    request: topic => request(topic, { attributes: '-message.type' }),
    code: REFUSED_BY_5,
    answer: onlySince5('only add attribute is supported while creating topic. key: message.type'),
  }),
  create({
    name: 'an attribute that a topic does not have is not taken away by 5.x',
    given: freshTopic,
    request: topic => request(topic, { attributes: '-message.type' }),
    code: REFUSED_BY_5,
    answer: onlySince5('attempt to delete a nonexistent key: message.type'),
  }),
  create({
    name: 'an attribute that cannot change is not changed by 5.x',
    given: stage => freshTopic(stage, { attributes: '+cleanup.policy=DELETE' }),
    request: topic => request(topic, { attributes: '+cleanup.policy=COMPACTION' }),
    code: REFUSED_BY_5,
    answer: onlySince5('attempt to update an unchangeable attribute. key: cleanup.policy'),
  }),
  create({
    name: 'a topic of mixed messages is refused by 5.x',
    given: newTopic,
    request: topic => request(topic, { attributes: '+message.type=MIXED' }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'INVALID_PARAMETER' } as const),
    answer: onlySince5('MIXED message type is not supported.'),
  }),
]

export const DELETE_TOPIC_ROWS = [
  remove({
    name: 'a topic with messages is deleted',
    given: stage => ordersOf(stage, 1),
    request: ({ topic }) => ({ header: { topic } }),
    code: 'SUCCESS',
  }),
  remove({
    name: 'a topic that is not there is deleted too',
    given: newTopic,
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
  }),
  remove({
    name: 'a blank name is refused',
    request: () => ({ header: { topic: '' } }),
    code: INVALID,
    answer: { remark: 'The specified topic is blank.' },
  }),
  remove({
    name: 'a name with illegal characters is refused by 4.9 alone',
    request: () => ({ header: { topic: 'no.topic' } }),
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'SUCCESS' } as const),
    answer: {
      remark: onlyIn4('The specified topic contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$'),
    },
  }),
  remove({
    name: 'a topic of the broker itself is refused',
    request: () => ({ header: { topic: 'SCHEDULE_TOPIC_XXXX' } }),
    code: INVALID,
    answer: { remark: 'The topic[SCHEDULE_TOPIC_XXXX] is conflict with system topic.' },
  }),
  remove({
    name: 'a header without a topic is one with a blank name',
    request: () => ({ header: { topic: '' } }),
    without: ['topic'],
    code: INVALID,
    answer: { remark: 'The specified topic is blank.' },
  }),
]

const UNKNOWN_TO_4 = ' request type 351 not supported'

export const TOPIC_CONFIG_ROWS = [
  settings({
    name: 'the settings of a topic are told',
    given: stage =>
      freshTopic(stage, {
        readQueueNums: 3,
        writeQueueNums: 2,
        perm: 4,
        order: true,
        attributes: '+message.type=FIFO',
      }),
    request: topic => ({ header: { topic } }),
    code: by5('SUCCESS'),
    answer: (topicName, { version }) =>
      version === '4.9'
        ? { remark: UNKNOWN_TO_4 }
        : {
            json: {
              topicName,
              readQueueNums: 3,
              writeQueueNums: 2,
              perm: 4,
              topicFilterType: 'SINGLE_TAG',
              topicSysFlag: 0,
              order: true,
              attributes: { 'message.type': 'FIFO' },
            },
          },
  }),
  settings({
    name: 'a topic that is not there is told',
    request: () => ({ header: { topic: 'not-there' } }),
    code: by5('TOPIC_NOT_EXIST'),
    answer: {
      remark: byVersion({ '4.9': UNKNOWN_TO_4, '5': 'No topic in this broker. topic: not-there' }),
    },
  }),
  settings({
    name: 'a header without a topic is an exception',
    request: () => ({ header: { topic: '' } }),
    without: ['topic'],
    code: byVersion({ '4.9': 'REQUEST_CODE_NOT_SUPPORTED', '5': 'SYSTEM_ERROR' } as const),
    answer: { remark: byVersion<unknown>({ '4.9': UNKNOWN_TO_4, '5': exceptionRemark }) },
  }),
]
