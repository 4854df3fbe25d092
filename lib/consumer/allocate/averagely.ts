import { averageShare } from '../../model/allocation'
import { type AllocateMessageQueueStrategy, memberIndex } from './allocate-strategy'

/** Runs of neighbouring queues, as equal as can be: the default, as in Java. */
export const allocateAveragely: AllocateMessageQueueStrategy = {
  name: 'AVG',
  allocate: input => averageShare(input.queues, input.clientIds.length, memberIndex(input)),
}
