import fc from '../support/property'
import { propertyOf } from './fuzz-target'
import { FUZZ_TARGETS } from './targets'

const RUNS = 1500

// The same inputs in every run; `npm run fuzz` tries others.
describe('whatever bytes are given to the reader of', () => {
  it.each(FUZZ_TARGETS)('$name, it reads them, or refuses them by a typed error', async target => {
    await fc.assert(propertyOf(target), { numRuns: RUNS })
  })
})
