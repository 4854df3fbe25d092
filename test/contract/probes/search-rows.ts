import { VIEW_MESSAGE_BY_ID } from '../../../lib/commands/message'
import { SEARCH_OFFSET_BY_TIMESTAMP } from '../../../lib/commands/offset'
import { decodeStoredMessages } from '../../../lib/wire/stored-message-decoder'
import { answered } from '../../support/until'
import { exceptionRemark } from './answers'
import { byVersion } from './expected'
import { type Sent, freshTopic, sendAll } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const search = rowsOf(SEARCH_OFFSET_BY_TIMESTAMP)

const AN_HOUR = 3_600_000
/** So many milliseconds lie between the two messages, that each is nearest to some time between them. */
const APART = 4

/** Store times of the two messages in queue 0 of a topic; queue 2 is empty. */
interface Times {
  readonly topic: string
  readonly first: number
  readonly last: number
}

async function twoTimes(stage: Stage): Promise<Times> {
  const topic = await freshTopic(stage, { readQueueNums: 3, writeQueueNums: 3 })
  const sendTo = async (queueId: number): Promise<number> => {
    const [sent] = await sendAll(stage, topic, [{ queueId }])
    return storeTime(stage, sent as Sent)
  }
  const first = await sendTo(0)
  await answered(
    () => sendTo(1),
    time => time >= first + APART,
    { what: 'a later store time' },
  )
  return { topic, first, last: await sendTo(0) }
}

async function storeTime(stage: Stage, { commitLogOffset }: Sent): Promise<number> {
  const { body } = await stage.invoke(VIEW_MESSAGE_BY_ID, { header: { offset: commitLogOffset } })
  const { messages } = decodeStoredMessages(Buffer.from(body), { brokerName: '', offsetDelta: 0 })
  return messages[0]?.storeTimestamp ?? 0
}

const given = (stage: Stage): Promise<Times> => stage.shared(twoTimes)
const at = ({ topic }: Times, timestamp: number, rest: { queueId?: number; boundaryType?: string } = {}) => ({
  header: { topic, queueId: 0, timestamp, ...rest },
})
const isAt = (offset: unknown) => ({ fields: { offset } })

export const SEARCH_ROWS = [
  search({
    name: 'a time before all messages is that of the first',
    given,
    request: times => at(times, times.first - AN_HOUR),
    code: 'SUCCESS',
    answer: isAt('0'),
  }),
  search({
    name: 'the time of a message is that message',
    given,
    request: times => at(times, times.last),
    code: 'SUCCESS',
    answer: isAt('1'),
  }),
  search({
    name: 'a time soon after a message is the next one in 5.x, and the nearest in 4.9',
    given,
    request: times => at(times, times.first + 1),
    code: 'SUCCESS',
    answer: isAt(byVersion({ '4.9': '0', '5': '1' })),
  }),
  search({
    name: 'a time soon before a message is that message',
    given,
    request: times => at(times, times.last - 1),
    code: 'SUCCESS',
    answer: isAt('1'),
  }),
  search({
    name: 'the boundary upper is the message before a time; 4.9 knows none',
    given,
    request: times => at(times, times.last - 1, { boundaryType: 'upper' }),
    code: 'SUCCESS',
    answer: isAt(byVersion({ '4.9': '1', '5': '0' })),
  }),
  search({
    name: 'a time after all messages is the end in 5.x, and the last message in 4.9',
    given,
    request: times => at(times, times.last + AN_HOUR),
    code: 'SUCCESS',
    answer: isAt(byVersion({ '4.9': '1', '5': '2' })),
  }),
  search({
    name: 'a time after all messages is the last one with the boundary upper',
    given,
    request: times => at(times, times.last + AN_HOUR, { boundaryType: 'UPPER' }),
    code: 'SUCCESS',
    answer: isAt('1'),
  }),
  search({
    name: 'any time is 0 of an empty queue',
    given,
    request: times => at(times, times.first, { queueId: 2 }),
    code: 'SUCCESS',
    answer: isAt('0'),
  }),
  search({
    name: 'any time is 0 of a topic that is not there',
    request: () => ({ header: { topic: 'not-there', queueId: 0, timestamp: 1 } }),
    code: 'SUCCESS',
    answer: isAt('0'),
  }),
  search({
    name: 'a header without a time is an exception',
    given,
    request: times => at(times, 0),
    without: ['timestamp'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]
