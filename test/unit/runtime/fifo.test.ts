import { Fifo } from '../../../lib/runtime/fifo'
import fc from '../../support/property'

describe('a queue', () => {
  it('gives what it was given, in the same order', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), steps => {
        const fifo = new Fifo<number>()
        const model: number[] = []
        for (const step of steps) {
          if (step === undefined) expect(fifo.shift()).toBe(model.shift())
          else {
            fifo.push(step)
            model.push(step)
          }
          expect([fifo.size, fifo.first]).toEqual([model.length, model[0]])
        }
      }),
    )
  })
})
