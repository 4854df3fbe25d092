import type { Gate } from '../../runtime/gate'
import type { Hold } from '../pull/queue-loop'

interface HeldBackOptions {
  /** All must be open. */
  readonly gates: readonly Gate[]
  readonly processQueue: { readonly hasRoom: boolean; whenRoom(signal: AbortSignal): Promise<void> }
}

/** What keeps a loop of a push consumer from asking for more: it is paused, or the listeners have enough. */
export function heldBack({ gates, processQueue }: HeldBackOptions, signal: AbortSignal): Hold | undefined {
  const shut = gates.find(gate => !gate.isOpen)
  if (shut !== undefined) return { doing: 'is paused', end: shut.whenOpen(signal) }
  if (processQueue.hasRoom) return undefined
  return { doing: 'waits for listeners to make room', end: processQueue.whenRoom(signal) }
}
