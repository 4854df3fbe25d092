import { type AllocateMessageQueueStrategy, memberIndex } from './allocate-strategy'

/** Queues are dealt out one by one, round and round. */
export const allocateAveragelyByCircle: AllocateMessageQueueStrategy = {
  name: 'AVG_BY_CIRCLE',
  allocate: input => {
    const index = memberIndex(input)
    return input.queues.filter((_, i) => i % input.clientIds.length === index)
  },
}
