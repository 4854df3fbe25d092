import type { Socket } from 'node:net'
import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { buildPullSysFlag } from '../../../lib/model/pull-sys-flag'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import { FrameCounter, openBareSocket } from './bare-socket'
import { type DriverSetup, type Measured, type Round, startStopwatch } from '../rounds'

/** Where a stored record has the id of its queue. */
const QUEUE_ID_AT = 12

/** Keeps one pull per queue in flight over a bare socket and counts what comes by its size; all records are equally long. */
export async function openPull(setup: DriverSetup): Promise<Round> {
  const { broker, queues } = setup
  const socket = await openBareSocket(broker)
  let onFrame: (chunk: Buffer, bodyStart: number, bodyBytes: number) => void = () => undefined
  const counter = new FrameCounter((chunk, bodyStart, bodyBytes) => onFrame(chunk, bodyStart, bodyBytes))
  socket.on('data', chunk => counter.push(chunk))
  return messages =>
    new Promise((resolve, reject) => {
      const offsets = new Array<number>(queues).fill(0)
      let unfinished = queues
      let stop: (() => Measured) | undefined
      onFrame = (chunk, bodyStart, bodyBytes) => {
        stop ??= startStopwatch()
        if (bodyBytes <= 0) return reject(new Error('a queue of the topic holds fewer messages than it should'))
        const count = bodyBytes / chunk.readInt32BE(bodyStart)
        const queueId = chunk.readInt32BE(bodyStart + QUEUE_ID_AT)
        const next = (offsets[queueId] as number) + count
        offsets[queueId] = next
        if (next < messages / queues) pull(socket, setup, { queueId, queueOffset: next })
        else if (--unfinished === 0) resolve(stop())
      }
      for (let queueId = 0; queueId < queues; queueId++) pull(socket, setup, { queueId, queueOffset: 0 })
    })
}

function pull(
  socket: Socket,
  { topic, pullBatch, bodyBytes }: DriverSetup,
  place: { queueId: number; queueOffset: number },
): void {
  const extFields = PULL_MESSAGE.requestHeader.encode({
    consumerGroup: 'bench',
    topic,
    ...place,
    maxMsgNums: pullBatch,
    maxMsgBytes: 2 * pullBatch * bodyBytes,
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
