import { onAbort } from './on-abort'

/**
 * Runs `work` with a signal that is aborted when one of `signals` is, with the same reason. As `AbortSignal.any`, but nothing
 * of it stays when the work is over: what `any` makes may stay for as long as the oldest of its sources (Node.js 20 and 22).
 */
export async function withAnySignal<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const sources = signals.filter(signal => signal !== undefined)
  const [first] = sources
  if (first !== undefined && sources.length === 1) return work(first)
  const any = new AbortController()
  const aborted = (): void => any.abort(sources.find(source => source.aborted)?.reason)
  for (const source of sources) onAbort(source, aborted)
  if (sources.some(source => source.aborted)) aborted()
  try {
    return await work(any.signal)
  } finally {
    for (const source of sources) source.removeEventListener('abort', aborted)
  }
}
