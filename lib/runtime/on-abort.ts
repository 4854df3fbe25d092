import { setMaxListeners } from 'node:events'

const raised = new WeakSet<AbortSignal>()

/**
 * Calls `listener` once when `signal` is aborted; it is taken off with `removeEventListener`. One signal may end any number
 * of calls at a time: Node's warning of a leak, which comes with the eleventh listener, is called off for it.
 */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  if (!raised.has(signal)) {
    raised.add(signal)
    // Signals of other makes than Node's own do not count listeners.
    if (signal instanceof EventTarget) setMaxListeners(Infinity, signal)
  }
  signal.addEventListener('abort', listener, { once: true })
}
