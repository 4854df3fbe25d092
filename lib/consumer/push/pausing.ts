import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { Gate } from '../../runtime/gate'
import { checkedQueue, notAssigned } from '../checked-queue'

/** The gate that keeps a queue from being pulled or popped; undefined for one that is not assigned. */
type GateOf = (queue: MessageQueue) => Gate | undefined

/** Stands for all queues of a broker that is popped. */
const ANY_QUEUE = -1

/** @throws RocketMQError INVALID_ARGUMENT where a queue is not ours at present; none is paused then */
export function pauseQueues(queues: readonly MessageQueue[], group: string, gateOf: GateOf): void {
  const gates = checkedList(queues).map(queue => {
    const gate = gateOf(queue)
    if (gate === undefined) throw notAssigned(queue, group)
    return gate
  })
  for (const gate of gates) gate.shut()
}

/** A queue that was given away since it was paused is paused no more: the others must not stand still for that. */
export function resumeQueues(queues: readonly MessageQueue[], gateOf: GateOf): void {
  for (const queue of checkedList(queues)) gateOf(queue)?.open()
}

/** @throws RocketMQError INVALID_ARGUMENT, INVALID_TOPIC */
function checkedList(queues: readonly MessageQueue[]): MessageQueue[] {
  const given: unknown = queues
  if (!Array.isArray(given)) throw new RocketMQError('INVALID_ARGUMENT', 'queues must be given as a list of queues')
  return queues.map(queue => {
    const isAny = (queue as MessageQueue | undefined)?.queueId === ANY_QUEUE
    return isAny ? { ...checkedQueue({ ...queue, queueId: 0 }), queueId: ANY_QUEUE } : checkedQueue(queue)
  })
}
