import { GET_CONSUME_STATS } from '../../../lib/commands/group'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import type * as GroupFile from '../../../lib/commands/group'
import type * as RouteFile from '../../../lib/commands/route'
import type * as SendFile from '../../../lib/commands/send'
import { encodeProperties } from '../../../lib/wire/properties'
import type { Measurable, Subject } from '../micro-case'
import { PROPERTIES } from '../samples'
import { STATS_QUEUES, bigConsumeStats, bigRoute } from './big-answers'

/** Headers differ, or the compiler would work out the result once and for all. */
const SEND_HEADERS = Array.from({ length: 64 }, (_, i) => ({
  producerGroup: 'bench',
  topic: 'BenchTopic',
  defaultTopic: 'TBW102',
  defaultTopicQueueNums: 4,
  queueId: i % 16,
  sysFlag: 0,
  bornTimestamp: 1_700_000_000_000 + i,
  flag: 0,
  properties: encodeProperties({ ...PROPERTIES, KEYS: `order-${i}` }),
  reconsumeTimes: 0,
  unitMode: false,
  batch: false,
}))

function overAll<T>(all: readonly T[], work: (each: T) => unknown): Measurable {
  const run = (): unknown => {
    let last: unknown
    for (const each of all) last = work(each)
    return last
  }
  return { ops: all.length, run }
}

/** Headers and bodies by the table of commands. */
export const commands: Subject = {
  'write the header of a send': build => {
    const { requestHeader } = build.load<typeof SendFile>('commands/send').SEND_MESSAGE_V2
    return overAll(SEND_HEADERS, header => requestHeader.encode(header))
  },
  'read the header of a send': build => {
    const { requestHeader } = build.load<typeof SendFile>('commands/send').SEND_MESSAGE_V2
    const all = SEND_HEADERS.map(header => requestHeader.encode(header))
    return overAll(all, fields => requestHeader.decode(fields))
  },
  'read a route of 100 brokers with 16 queues': build => {
    const { responseBody } = build.load<typeof RouteFile>('commands/route').GET_ROUTEINFO_BY_TOPIC
    const body = Buffer.from(GET_ROUTEINFO_BY_TOPIC.responseBody?.encode(bigRoute()) ?? [])
    return { bytes: body.length, run: () => responseBody?.decode(body) }
  },
  [`read consume stats of ${STATS_QUEUES} queues`]: build => {
    const { responseBody } = build.load<typeof GroupFile>('commands/group').GET_CONSUME_STATS
    const body = Buffer.from(GET_CONSUME_STATS.responseBody?.encode(bigConsumeStats()) ?? [])
    return { bytes: body.length, run: () => responseBody?.decode(body) }
  },
}
