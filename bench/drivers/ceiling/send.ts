import { type DriverSetup, type Round, startStopwatch } from '../rounds'
import { FrameCounter, openBareSocket } from './bare-socket'
import { preparedFrames } from './prepared-frames'

/** Sends prepared frames over a bare socket, those of one turn in one write, and knows replies by their number only. */
export async function openSend(setup: DriverSetup): Promise<Round> {
  const { broker, inFlight, batch } = setup
  const frames = preparedFrames(setup)
  const socket = await openBareSocket(broker)
  let left = 0
  let unanswered = 0
  let replies = 0
  let onDone: () => void = () => undefined
  const sendMore = (): void => {
    socket.cork()
    for (; left > 0 && unanswered < inFlight; left--, unanswered++) socket.write(frames[left % frames.length] as Buffer)
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
    left = messages / batch
    const done = new Promise<void>(resolve => (onDone = resolve))
    sendMore()
    await done
    return stop()
  }
}
