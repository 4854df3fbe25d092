import { SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { propertiesText } from '../../lib/sending/prepared-message'
import { encodeFrame } from '../../lib/wire/frame-writer'
import { UniqueIds } from '../../lib/wire/unique-id'
import { QUEUES } from '../scenarios'
import { FrameCounter, openBareSocket } from './bare-socket'
import { sampleMessage } from './sample-message'
import { type DriverSetup, type Round, serveRounds, startStopwatch } from './rounds'

/** Sends prepared frames over a bare socket and knows replies by their number only. */
async function open({ broker, topic, inFlight }: DriverSetup): Promise<Round> {
  const frames = Array.from({ length: QUEUES }, (_, queueId) => preparedFrame(topic, queueId))
  const socket = await openBareSocket(broker)
  let left = 0
  let unanswered = 0
  let replies = 0
  let onDone: () => void = () => undefined
  const sendMore = (): void => {
    socket.cork()
    for (; left > 0 && unanswered < inFlight; left--, unanswered++) socket.write(frames[left % QUEUES] as Buffer)
    socket.uncork()
  }
  const counter = new FrameCounter(() => replies++)
  socket.on('data', chunk => {
    counter.push(chunk)
    unanswered -= replies
    replies = 0
    if (left > 0) sendMore()
    else if (unanswered === 0) onDone()
  })
  return async messages => {
    const stop = startStopwatch()
    left = messages
    const done = new Promise<void>(resolve => (onDone = resolve))
    sendMore()
    await done
    return stop()
  }
}

function preparedFrame(topic: string, queueId: number): Buffer {
  const message = sampleMessage(topic)
  const extFields = SEND_MESSAGE_V2.requestHeader.encode({
    producerGroup: 'bench',
    topic,
    defaultTopic: 'TBW102',
    defaultTopicQueueNums: 4,
    queueId,
    sysFlag: 0,
    bornTimestamp: Date.now(),
    flag: 0,
    properties: propertiesText(message, new UniqueIds().next()),
    reconsumeTimes: 0,
    unitMode: false,
    batch: false,
  })
  const { code } = SEND_MESSAGE_V2
  const marks = { language: 'OTHER', version: 477, opaque: 1, flag: 0, serializeType: 'JSON' } as const
  return encodeFrame({ code, ...marks, extFields, body: message.body })
}

serveRounds(open)
