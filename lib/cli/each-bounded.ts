/**
 * Runs `work`, which must not reject, for each item, at most `limit` at a time, and takes the next item only when there is
 * room for it. Resolves when all is done.
 */
export async function eachBounded<T>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let running = 0
  let wake = (): void => undefined
  const below = async (bound: number): Promise<void> => {
    while (running >= bound) await new Promise<void>(resolve => (wake = resolve))
  }
  try {
    for await (const item of items) {
      running++
      void work(item).then(() => {
        running--
        wake()
      })
      await below(limit)
    }
  } finally {
    await below(1)
  }
}
