import { LOCK_BATCH_MQ, UNLOCK_BATCH_MQ } from '../../../lib/commands/client'
import type { MessageQueue } from '../../../lib/model/message-queue'
import { exceptionRemark } from './answers'
import { anyOrder } from './expected'
import { freshGroup } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const lock = rowsOf(LOCK_BATCH_MQ)
const unlock = rowsOf(UNLOCK_BATCH_MQ)

/** Two queues and a group of the row's own. */
interface Given {
  readonly consumerGroup: string
  readonly mqSet: readonly [MessageQueue, MessageQueue]
}

async function free(stage: Stage): Promise<Given> {
  const brokerName = stage.broker.name
  const queue = (queueId: number): MessageQueue => ({ topic: 'Orders', brokerName, queueId })
  return { consumerGroup: await freshGroup(stage), mqSet: [queue(0), queue(1)] }
}

/** Queue 0 is held by client `a`. */
async function held(stage: Stage): Promise<Given> {
  const given = await free(stage)
  await stage.invoke(LOCK_BATCH_MQ, by('a', { ...given, mqSet: [given.mqSet[0]] }))
  return given
}

const by = (clientId: string, given: { consumerGroup: string; mqSet: readonly MessageQueue[] }) => ({
  body: { ...given, clientId, onlyThisBroker: false },
})
const locked = (...queues: MessageQueue[]) => ({ json: { lockOKMQSet: anyOrder(...queues) } })
const NO_JSON = { raw: { body: Buffer.from('[{') } }

export const LOCK_ROWS = [
  lock({
    name: 'queues that are free are locked',
    given: free,
    request: given => by('a', given),
    code: 'SUCCESS',
    answer: ({ mqSet }) => locked(...mqSet),
  }),
  lock({
    name: 'a lock is renewed by its owner',
    given: held,
    request: given => by('a', given),
    code: 'SUCCESS',
    answer: ({ mqSet }) => locked(...mqSet),
  }),
  lock({
    name: 'what another client of the group holds is left out',
    given: held,
    request: given => by('b', given),
    code: 'SUCCESS',
    answer: ({ mqSet }) => locked(mqSet[1]),
  }),
  lock({
    name: 'what another group holds is no matter',
    given: held,
    request: (given, stage) => by('b', { ...given, consumerGroup: stage.unique('probe') }),
    code: 'SUCCESS',
    answer: ({ mqSet }) => locked(...mqSet),
  }),
  lock({
    name: 'what was given back is free',
    given: async stage => {
      const given = await held(stage)
      await stage.invoke(UNLOCK_BATCH_MQ, by('a', given))
      return given
    },
    request: given => by('b', given),
    code: 'SUCCESS',
    answer: ({ mqSet }) => locked(...mqSet),
  }),
  lock({
    name: 'what another client gave back stays locked',
    given: async stage => {
      const given = await held(stage)
      await stage.invoke(UNLOCK_BATCH_MQ, by('b', given))
      return given
    },
    request: given => by('b', given),
    code: 'SUCCESS',
    answer: ({ mqSet }) => locked(mqSet[1]),
  }),
  lock({
    name: 'no queues are locked where none are asked for',
    given: free,
    request: given => by('a', { ...given, mqSet: [] }),
    code: 'SUCCESS',
    answer: locked(),
  }),
  lock({
    name: 'a body that is no JSON is an exception',
    request: () => NO_JSON,
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  unlock({
    name: 'queues are given back',
    given: held,
    request: given => by('a', given),
    code: 'SUCCESS',
  }),
  unlock({
    name: 'what is not held may be given back too',
    given: free,
    request: given => by('a', given),
    code: 'SUCCESS',
  }),
  unlock({
    name: 'a body that is no JSON is an exception',
    request: () => NO_JSON,
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]
