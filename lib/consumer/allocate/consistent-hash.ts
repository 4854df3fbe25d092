import { hash as digestOf } from 'node:crypto'
import { RocketMQError } from '../../errors'
import { messageQueueText } from '../../model/message-queue'
import { type AllocateMessageQueueStrategy, memberIndex } from './allocate-strategy'

const DEFAULT_VIRTUAL_NODES = 10

/** A place on the ring and the client that owns it. */
interface Node {
  readonly hash: number
  readonly clientId: string
}

/**
 * A ring on which every client has `virtualNodes` places; a queue goes to the next place after its own hash. Few queues
 * move when members come and go, and the shares are less even. Throws INVALID_ARGUMENT for a negative number of places.
 */
export function allocateByConsistentHash(virtualNodes: number = DEFAULT_VIRTUAL_NODES): AllocateMessageQueueStrategy {
  if (!Number.isInteger(virtualNodes) || virtualNodes < 0) {
    throw new RocketMQError(
      'INVALID_ARGUMENT',
      `virtualNodes ${virtualNodes} of consistent hashing is no whole number from 0 up`,
    )
  }
  return {
    name: 'CONSISTENT_HASH',
    allocate: input => {
      if (memberIndex(input) < 0) return []
      const ring = buildRing(input.clientIds, virtualNodes)
      return input.queues.filter(queue => ownerOf(ring, hash(messageQueueText(queue))) === input.clientId)
    },
  }
}

/** Where two places fall together the later client has it. A client listed twice has twice the places. */
function buildRing(clientIds: readonly string[], virtualNodes: number): Node[] {
  const ring = new Map<number, string>()
  const seen = new Set<string>()
  for (const clientId of clientIds) {
    const first = seen.has(clientId) ? placesOf(ring, clientId) : 0
    seen.add(clientId)
    for (let i = 0; i < virtualNodes; i++) ring.set(hash(`${clientId}-${first + i}`), clientId)
  }
  return Array.from(ring, ([place, clientId]) => ({ hash: place, clientId })).sort((a, b) => a.hash - b.hash)
}

function placesOf(ring: ReadonlyMap<number, string>, clientId: string): number {
  let count = 0
  for (const owner of ring.values()) if (owner === clientId) count++
  return count
}

function ownerOf(ring: readonly Node[], place: number): string | undefined {
  let low = 0
  let high = ring.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ring[middle] as Node).hash < place) low = middle + 1
    else high = middle
  }
  return (ring[low] ?? ring[0])?.clientId
}

/** The first four bytes of the MD5, unsigned. */
function hash(key: string): number {
  return parseInt(digestOf('md5', key).slice(0, 8), 16)
}
