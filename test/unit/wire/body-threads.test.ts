import { availableParallelism } from 'node:os'
import { BODY_THREADS } from '../../../lib/wire/body-threads'

describe('threads for bodies', () => {
  it('are at least one, and leave a core to the event loop where there are more', () => {
    const cores = availableParallelism()
    for (const threads of Object.values(BODY_THREADS)) {
      expect(threads).toBeGreaterThanOrEqual(1)
      expect(threads).toBeLessThanOrEqual(Math.max(1, cores - 1))
    }
  })
})
