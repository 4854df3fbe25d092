import { type Link, LinkedQueue } from '../../../lib/runtime/linked-queue'
import fc from '../../support/property'

describe('a queue that items can leave from any place', () => {
  it('gives what is left, in the same order', () => {
    const step = fc.oneof(fc.constant('push'), fc.constant('shift'), fc.nat(20))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const queue = new LinkedQueue<number>()
        const links: Link<number>[] = []
        let model: number[] = []
        for (const each of steps) {
          if (each === 'push') {
            model.push(links.length)
            links.push(queue.push(links.length))
          } else if (each === 'shift') expect(queue.shift()).toBe(model.shift())
          else if (links[each] !== undefined) {
            queue.remove(links[each])
            model = model.filter(value => value !== each)
          }
          expect([queue.size, queue.first, queue.all]).toEqual([model.length, model[0], model])
        }
      }),
    )
  })
})
