import type { BatchAck, BatchAcks } from '../../commands/pop'
import { RocketMQError } from '../../errors'
import type { PopExtraInfo } from '../../wire/pop-extra-info'

/** Brokers give at most 32 messages to a pop; what lies farther from its start was never given by it. */
const MAX_BITS = 4096

/** Whose messages are acknowledged; `topic` is the one that was popped, never its retry topic. */
export interface Acknowledging {
  readonly topic: string
  readonly consumerGroup: string
}

/**
 * Acknowledgements of messages of one broker, one for each pop of each queue (Java `MQClientAPIImpl.batchAckMessageAsync`).
 * @throws RocketMQError INVALID_ARGUMENT for handles of several brokers, of none, or of offsets that no pop can give together
 */
export function batchAcksOf(handles: readonly PopExtraInfo[], acknowledging: Acknowledging): BatchAcks {
  const brokerName = handles[0]?.brokerName
  const pops = new Map<string, PopExtraInfo[]>()
  for (const handle of handles) {
    if (handle.brokerName !== brokerName)
      throw wrong(`handles of ${brokerName} and of ${handle.brokerName} in one batch`)
    const key = `${handle.retry}@${handle.queueId}@${handle.ckQueueOffset}@${handle.popTime}`
    const members = pops.get(key)
    if (members === undefined) pops.set(key, [handle])
    else members.push(handle)
  }
  if (brokerName === undefined) throw wrong('a batch of no acknowledgements')
  return { brokerName, acks: Array.from(pops.values(), members => batchAckOf(members, acknowledging)) }
}

function batchAckOf(handles: readonly PopExtraInfo[], { topic, consumerGroup }: Acknowledging): BatchAck {
  const { retry, ckQueueOffset, queueId, reviveQid, popTime, invisibleTime } = handles[0] as PopExtraInfo
  return {
    consumerGroup,
    topic,
    retry,
    startOffset: ckQueueOffset,
    queueId,
    reviveQueueId: reviveQid,
    popTime,
    invisibleTime,
    bitSet: bitSetOf(handles.map(({ queueOffset }) => queueOffset - ckQueueOffset)),
  }
}

/** As Java's `BitSet.toByteArray`: the lowest bit first, no zero bytes at the end. */
function bitSetOf(bits: readonly number[]): Buffer {
  const highest = Math.max(...bits)
  const strange = bits.find(bit => bit < 0 || bit >= MAX_BITS)
  if (strange !== undefined) throw wrong(`an acknowledgement ${strange} messages away from where its pop began`)
  const set = Buffer.alloc((highest >> 3) + 1)
  for (const bit of bits) set[bit >> 3] = (set[bit >> 3] as number) | (1 << (bit & 7))
  return set
}

function wrong(what: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', `${what}: give receipt handles as they were received`)
}
