import { BrokerError } from '../errors'

/** True where a broker says that it has a queue of a static topic no more: its route is to be asked for again. */
export function isMoved(error: unknown): boolean {
  return BrokerError.is(error) && error.responseCode === 'NOT_LEADER_FOR_QUEUE'
}
