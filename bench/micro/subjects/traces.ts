import type { Trace } from '../../../lib/model/trace'
import type * as TraceDataFile from '../../../lib/wire/trace-data'
import type { Subject } from '../micro-case'
import { PROPERTIES } from '../samples'

const TRACES = 32

const ABOUT = { msgId: PROPERTIES.UNIQ_KEY, keys: PROPERTIES.KEYS, regionId: 'DefaultRegion', group: 'bench' }
const SENT: Trace = {
  type: 'Pub',
  ...ABOUT,
  timestamp: 1_700_000_000_000,
  topic: 'BenchTopic',
  tags: PROPERTIES.TAGS,
  storeHost: '10.0.0.8:10911',
  bodyLength: 1024,
  costMs: 2,
  msgType: 'Normal_Msg',
  offsetMsgId: '0A00000800002A9F000000012A05F200',
  success: true,
}

/** What traced clients write beside each message. */
export const traces: Subject = {
  'write that of a send': build => {
    const { encodeTrace } = build.load<typeof TraceDataFile>('wire/trace-data')
    return { run: () => Buffer.byteLength(encodeTrace(SENT)) }
  },
  [`read ${TRACES} of one body`]: build => {
    const { decodeTraces, encodeTrace } = build.load<typeof TraceDataFile>('wire/trace-data')
    const text = Buffer.from(encodeTrace(SENT).repeat(TRACES)).toString()
    return { ops: TRACES, bytes: text.length / TRACES, run: () => decodeTraces(text) }
  },
}
