import { javaDoubleHash, javaHashOf } from '../../../lib/model/java-hash'
import { selectByHash } from '../../../lib/sending/selectors'
import type { Op } from '../vector-file'

const QUEUE_COUNTS = [1, 2, 3, 4, 5, 7, 8, 16, 17]
const MESSAGE = { topic: 'T', body: 'b' }

const queuesOf = (count: number) =>
  Array.from({ length: count }, (_, queueId) => ({ topic: 'T', brokerName: 'b', queueId }))

/** The argument that stands for a value of the Java type: our numbers are Integers where they are whole and small. */
function argumentOf(type: unknown, arg: unknown): unknown {
  switch (type) {
    case 'Long':
      return BigInt(String(arg))
    case 'Double':
      return javaDoubleHash(Number(arg))
    default:
      return arg
  }
}

export const ops: Readonly<Record<string, Op>> = {
  selectByHash: ({ type, arg, queues }) => {
    const argument = argumentOf(type, arg)
    if (queues !== undefined) return selectByHash(queuesOf(Number(queues)), MESSAGE, argument)
    const indexByQueueCount = QUEUE_COUNTS.map(count => [
      count,
      selectByHash(queuesOf(count), MESSAGE, argument).queueId,
    ])
    return { hash: javaHashOf(argument), indexByQueueCount: Object.fromEntries(indexByQueueCount) }
  },
}
