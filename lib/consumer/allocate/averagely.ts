import { type AllocateMessageQueueStrategy, memberIndex } from './allocate-strategy'

/** Runs of neighbouring queues, as equal as can be: the default, as in Java. */
export const allocateAveragely: AllocateMessageQueueStrategy = {
  name: 'AVG',
  allocate: input => {
    const index = memberIndex(input)
    if (index < 0) return []
    const { queues, clientIds } = input
    const rest = queues.length % clientIds.length
    const size = Math.floor(queues.length / clientIds.length)
    const start = index * size + Math.min(index, rest)
    return queues.slice(start, start + size + (index < rest ? 1 : 0))
  },
}
