import type { OffsetStore } from '../../lib/consumer/offsets/offset-store'

/** An offset store as a user may write one, that tells this for queue 0, whatever its type, and 5 for all others. */
export function tellingOffsetStore(told: unknown): OffsetStore {
  return {
    load: () => Promise.resolve(),
    read: ({ queueId }) => Promise.resolve(queueId === 0 ? (told as number) : 5),
    current: () => undefined,
    update: () => undefined,
    freeze: () => undefined,
    persist: () => Promise.resolve(),
    remove: () => undefined,
  }
}
