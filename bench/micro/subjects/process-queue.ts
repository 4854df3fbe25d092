import type * as ProcessQueueFile from '../../../lib/consumer/push/process-queue'
import type { ProcessQueueEntry } from '../../../lib/consumer/push/process-queue'
import type * as DecoderFile from '../../../lib/wire/stored-message-decoder'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { type Measurable, type MeasuredBuild, NotMeasurable, type Subject } from '../micro-case'
import { scattered, storedRecords } from '../samples'

const TURNS = 1000
const QUEUE = { topic: 'BenchTopic', brokerName: 'broker-a', queueId: 3 }
const LIMITS = { maxMessages: 1_000_000, maxBytes: 1_000_000_000, maxSpan: undefined }

interface Manner {
  /** Messages that listeners have. */
  readonly inHand: number
  /** Whether they end in the order in which they began. */
  readonly inOrder: boolean
}

/** One message comes in and goes to a listener, another one ends; the offset to commit is asked for each time. */
function turning(build: MeasuredBuild, { inHand, inOrder }: Manner): Measurable {
  const { ProcessQueue } = build.load<typeof ProcessQueueFile>('consumer/push/process-queue')
  const queue = new ProcessQueue(QUEUE, 0, LIMITS)
  const message = sampleMessage(build)
  let offset = 0
  const takeOne = (): ProcessQueueEntry => {
    // The queue asks a message for its offset once, so that one message can be all of them.
    message.queueOffset = offset++
    queue.put([message], offset)
    return queue.take(1, 0)[0] as ProcessQueueEntry
  }
  const running = Array.from({ length: inHand }, takeOne)
  const places = inOrder ? Array.from({ length: inHand }, (_, i) => i) : scattered(TURNS * 7, inHand)
  let turn = 0
  const run = (): unknown => {
    let commit: unknown
    for (let i = 0; i < TURNS; i++) {
      const place = places[turn++ % places.length] as number
      commit = queue.finish([running[place] as ProcessQueueEntry]) ?? commit
      running[place] = takeOne()
    }
    return commit
  }
  return { ops: TURNS, run }
}

function sampleMessage(build: MeasuredBuild): StoredMessage {
  const { decodeStoredMessages } = build.load<typeof DecoderFile>('wire/stored-message-decoder')
  const context = { brokerName: 'broker-a', offsetDelta: 0 }
  const [message] = decodeStoredMessages(storedRecords(1), context).messages
  if (message === undefined) throw new NotMeasurable('the build cannot read the sample message')
  return message
}

/** Messages in hand of one queue: put, taken, finished. */
export const processQueue: Subject = {
  '32 in hand, ended at random': build => turning(build, { inHand: 32, inOrder: false }),
  '32 in hand, ended in order': build => turning(build, { inHand: 32, inOrder: true }),
  '2,000 in hand, ended at random': build => turning(build, { inHand: 2000, inOrder: false }),
  '2,000 in hand, ended in order': build => turning(build, { inHand: 2000, inOrder: true }),
}
