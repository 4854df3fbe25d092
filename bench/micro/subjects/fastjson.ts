import { GET_CONSUME_STATS } from '../../../lib/commands/group'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import type * as ReaderFile from '../../../lib/wire/fastjson-reader'
import type * as WriterFile from '../../../lib/wire/fastjson-writer'
import type { Measurable, MeasuredBuild, Subject } from '../micro-case'
import { STATS_QUEUES, bigConsumeStats, bigRoute } from './big-answers'

function reading(build: MeasuredBuild, body: Uint8Array | undefined): Measurable {
  const { readFastjson } = build.load<typeof ReaderFile>('wire/fastjson-reader')
  const source = Buffer.from(body ?? [])
  return { bytes: source.length, run: () => readFastjson(source) }
}

function writing(build: MeasuredBuild, value: unknown): Measurable {
  const { writeFastjson } = build.load<typeof WriterFile>('wire/fastjson-writer')
  return { bytes: writeFastjson(value).length, run: () => writeFastjson(value) }
}

/** JSON as Java's Fastjson writes it. */
export const fastjson: Subject = {
  'read a route of 100 brokers, bare ids': build =>
    reading(build, GET_ROUTEINFO_BY_TOPIC.responseBody?.encode(bigRoute())),
  'read a route of 100 brokers, strict JSON': build =>
    reading(build, GET_ROUTEINFO_BY_TOPIC.responseBody?.encode({ ...bigRoute(), bareBrokerIds: false })),
  [`read consume stats of ${STATS_QUEUES} queues`]: build =>
    reading(build, GET_CONSUME_STATS.responseBody?.encode(bigConsumeStats())),
  'write the queues of a route of 100 brokers': build => writing(build, bigRoute().queueDatas),
}
