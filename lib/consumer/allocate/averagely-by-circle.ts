import { circleShare } from '../../model/allocation'
import { type AllocateMessageQueueStrategy, memberIndex } from './allocate-strategy'

/** Queues are dealt out one by one, round and round. */
export const allocateAveragelyByCircle: AllocateMessageQueueStrategy = {
  name: 'AVG_BY_CIRCLE',
  allocate: input => circleShare(input.queues, input.clientIds.length, memberIndex(input)),
}
