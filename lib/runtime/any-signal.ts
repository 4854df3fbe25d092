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
  const onAbort = (event: Event): void => abortAs(any, event.target as AbortSignal)
  for (const source of sources) {
    if (source.aborted) abortAs(any, source)
    else source.addEventListener('abort', onAbort, { once: true })
  }
  try {
    return await work(any.signal)
  } finally {
    for (const source of sources) source.removeEventListener('abort', onAbort)
  }
}

function abortAs(controller: AbortController, { reason }: AbortSignal): void {
  controller.abort(reason)
}
