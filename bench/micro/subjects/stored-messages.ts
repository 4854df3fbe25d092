import type * as DecoderFile from '../../../lib/wire/stored-message-decoder'
import type * as EncoderFile from '../../../lib/wire/stored-message-encoder'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { encodeProperties } from '../../../lib/wire/properties'
import { PULL_BATCH } from '../../scenarios'
import type { Measurable, MeasuredBuild, Subject } from '../micro-case'
import { BODY, PROPERTIES, storedRecords } from '../samples'

const CONTEXT = { brokerName: 'broker-a', offsetDelta: 0 }

/** Decodes so many records and looks at something of each message. */
function decoding(build: MeasuredBuild, count: number, look: (message: StoredMessage) => unknown): Measurable {
  const { decodeStoredMessages } = build.load<typeof DecoderFile>('wire/stored-message-decoder')
  const records = storedRecords(count)
  const run = (): unknown => {
    let seen: unknown
    for (const message of decodeStoredMessages(records, CONTEXT).messages) seen = look(message)
    return seen
  }
  return { ops: count, bytes: records.length / count, run }
}

/** Records as brokers store them; costs are those of one message. */
export const storedMessages: Subject = {
  'read one of 1 KiB, 8 properties': build => decoding(build, 1, message => message.queueOffset),
  [`read ${PULL_BATCH} of a pull`]: build => decoding(build, PULL_BATCH, message => message.queueOffset),
  [`read ${PULL_BATCH}, and the body of each`]: build => decoding(build, PULL_BATCH, ({ body }) => body),
  [`read ${PULL_BATCH}, and the tag of each`]: build => decoding(build, PULL_BATCH, ({ tags }) => tags),
  [`read ${PULL_BATCH}, and the properties of each`]: build =>
    decoding(build, PULL_BATCH, ({ properties }) => properties),
  'write one of 1 KiB, 8 properties': build => {
    const { encodeStoredMessage } = build.load<typeof EncoderFile>('wire/stored-message-encoder')
    const places = { queueId: 3, queueOffset: 1_000_000, commitLogOffset: 5_000_000_000, sysFlag: 0 }
    const times = { bornTimestamp: 1_700_000_000_000, storeTimestamp: 1_700_000_000_001 }
    const hosts = { bornHost: '10.0.0.7:50123', storeHost: '10.0.0.8:10911' }
    const properties = encodeProperties(PROPERTIES)
    const record = { topic: 'BenchTopic', body: BODY, properties, ...places, ...times, ...hosts }
    return { bytes: encodeStoredMessage(record).length, run: () => encodeStoredMessage(record) }
  },
}
