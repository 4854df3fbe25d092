import type { Socket } from 'node:net'
import { PULL_MESSAGE } from '../../lib/commands/pull'
import { buildPullSysFlag } from '../../lib/model/pull-sys-flag'
import { encodeFrame } from '../../lib/wire/frame-writer'
import { PULL_BATCH, QUEUES } from '../scenarios'
import { FrameCounter, openBareSocket } from './bare-socket'
import { type DriverSetup, type Measured, type Round, serveRounds, startStopwatch } from './rounds'

/** Where a stored record has the id of its queue. */
const QUEUE_ID_AT = 12

/** Keeps one pull per queue in flight over a bare socket and counts what comes by its size; all records are equally long. */
async function open({ broker, topic }: DriverSetup): Promise<Round> {
  const socket = await openBareSocket(broker)
  let onFrame: (chunk: Buffer, bodyStart: number, bodyBytes: number) => void = () => undefined
  const counter = new FrameCounter((chunk, bodyStart, bodyBytes) => onFrame(chunk, bodyStart, bodyBytes))
  socket.on('data', chunk => counter.push(chunk))
  return messages =>
    new Promise((resolve, reject) => {
      const offsets = new Array<number>(QUEUES).fill(0)
      let unfinished = QUEUES
      let stop: (() => Measured) | undefined
      onFrame = (chunk, bodyStart, bodyBytes) => {
        stop ??= startStopwatch()
        if (bodyBytes <= 0) return reject(new Error('a queue of the topic holds fewer messages than it should'))
        const count = bodyBytes / chunk.readInt32BE(bodyStart)
        const queueId = chunk.readInt32BE(bodyStart + QUEUE_ID_AT)
        const next = (offsets[queueId] as number) + count
        offsets[queueId] = next
        if (next < messages / QUEUES) pull(socket, topic, { queueId, queueOffset: next })
        else if (--unfinished === 0) resolve(stop())
      }
      for (let queueId = 0; queueId < QUEUES; queueId++) pull(socket, topic, { queueId, queueOffset: 0 })
    })
}

function pull(socket: Socket, topic: string, place: { queueId: number; queueOffset: number }): void {
  const extFields = PULL_MESSAGE.requestHeader.encode({
    consumerGroup: 'bench',
    topic,
    ...place,
    maxMsgNums: PULL_BATCH,
    sysFlag: buildPullSysFlag({ commitOffset: false, suspend: false, subscription: true }),
    commitOffset: 0,
    suspendTimeoutMillis: 0,
    subscription: '*',
    subVersion: 0,
  })
  const { code } = PULL_MESSAGE
  const marks = { language: 'OTHER', version: 477, opaque: 1, flag: 0, serializeType: 'JSON' } as const
  socket.write(encodeFrame({ code, ...marks, extFields }))
}

serveRounds(open)
