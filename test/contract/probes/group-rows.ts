import { DELETE_SUBSCRIPTIONGROUP, UPDATE_AND_CREATE_SUBSCRIPTIONGROUP } from '../../../lib/commands/group'
import { QUERY_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { groupConfig } from '../../../lib/emulator/groups'
import { exceptionRemark } from './answers'
import { byVersion, onlyIn4, since5 } from './expected'
import { commit, freshGroup, orders } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const create = rowsOf(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP)
const remove = rowsOf(DELETE_SUBSCRIPTIONGROUP)
const committed = rowsOf(QUERY_CONSUMER_OFFSET)

const newGroup = async (stage: Stage): Promise<string> => stage.unique('probe')
const REFUSED_BY_5 = byVersion({ '4.9': 'SUCCESS', '5': 'INVALID_PARAMETER' } as const)

export const GROUP_ROWS = [
  create({
    name: 'a group is created',
    given: newGroup,
    request: group => ({ body: groupConfig(group) }),
    code: 'SUCCESS',
  }),
  create({
    name: 'a group is changed',
    given: freshGroup,
    request: group => ({ body: groupConfig(group, { consumeEnable: false, retryMaxTimes: 1 }) }),
    code: 'SUCCESS',
  }),
  create({
    name: 'a name alone is enough for a group',
    given: newGroup,
    request: group => ({ raw: { body: Buffer.from(JSON.stringify({ groupName: group })) } }),
    code: 'SUCCESS',
  }),
  create({
    name: 'a name with illegal characters is refused by 5.x',
    request: () => ({ body: groupConfig('no/group') }),
    code: REFUSED_BY_5,
    answer: {
      remark: since5('The specified group: no/group, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$'),
    },
  }),
  create({
    name: 'a blank name is refused by 5.x',
    request: () => ({ body: groupConfig(' ') }),
    code: REFUSED_BY_5,
    answer: { remark: since5('The specified group is blank.') },
  }),
  create({
    name: 'a name that is too long is refused by 5.x',
    request: () => ({ body: groupConfig('g'.repeat(121)) }),
    code: REFUSED_BY_5,
    answer: { remark: since5(`The specified group: ${'g'.repeat(121)}, is longer than group max length: 120`) },
  }),
  create({
    name: 'a body that is no JSON is an exception',
    request: () => ({ raw: { body: Buffer.from('{"groupName"') } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  remove({
    name: 'a group is deleted',
    given: freshGroup,
    request: groupName => ({ header: { groupName } }),
    code: 'SUCCESS',
  }),
  remove({
    name: 'a group is deleted with its offsets',
    given: freshGroup,
    request: groupName => ({ header: { groupName, cleanOffset: true, removeOffset: true } }),
    code: 'SUCCESS',
  }),
  remove({
    name: 'a group that is not there is deleted too',
    request: () => ({ header: { groupName: 'not-there' } }),
    code: 'SUCCESS',
  }),
  remove({
    name: 'a header without a name is an exception',
    request: () => ({ header: { groupName: '' } }),
    without: ['groupName'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

/** What became of offset 2, committed on a topic of three messages, when the group was deleted. */
const deletedGroup = (cleans: { cleanOffset?: boolean; removeOffset?: boolean }) => async (stage: Stage) => {
  const { topic } = await stage.shared(orders)
  const consumerGroup = await freshGroup(stage)
  const at = { consumerGroup, topic, queueId: 0 }
  await commit(stage, { ...at, commitOffset: 2 })
  await stage.invoke(DELETE_SUBSCRIPTIONGROUP, { header: { groupName: consumerGroup, ...cleans } })
  return at
}

export const DELETED_GROUP_ROWS = [
  committed({
    name: 'offsets stay when a group is deleted',
    given: deletedGroup({}),
    request: header => ({ header }),
    code: 'SUCCESS',
    answer: { fields: { offset: '2' } },
  }),
  committed({
    name: 'cleanOffset takes the offsets away in 5.x',
    given: deletedGroup({ cleanOffset: true }),
    request: header => ({ header: { ...header, setZeroIfNotFound: false } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'QUERY_NOT_FOUND' } as const),
    answer: {
      remark: since5('Not found, do not set to zero, maybe this group boot first'),
      fields: onlyIn4({ offset: '2' }),
    },
  }),
  committed({
    name: 'removeOffset takes the offsets away in 4.9',
    given: deletedGroup({ removeOffset: true }),
    request: header => ({ header }),
    code: 'SUCCESS',
    answer: { fields: { offset: byVersion({ '4.9': '0', '5': '2' }) } },
  }),
]
