import { RocketMQError } from '../../../lib/errors'
import { type OpenAttempt, OpenAttempts } from '../../../lib/sending/open-attempts'
import fc from '../../support/property'

class Attempt implements OpenAttempt {
  previousOpen: OpenAttempt | undefined
  nextOpen: OpenAttempt | undefined
  readonly reasons: RocketMQError[] = []

  close(reason: RocketMQError): void {
    this.reasons.push(reason)
  }
}

const gone = () => new RocketMQError('INVALID_STATE', 'gone', { sent: 'NO' })

describe('sends without an outcome', () => {
  it('are closed once each, those alone that are still among them', () => {
    const steps = fc.array(fc.record({ add: fc.boolean(), which: fc.nat(20) }), { maxLength: 60 })
    fc.assert(
      fc.property(steps, given => {
        const open = new OpenAttempts()
        const all = Array.from({ length: 21 }, () => new Attempt())
        const expected = new Set<Attempt>()
        for (const { add, which } of given) {
          const attempt = all[which] as Attempt
          if (add && !expected.has(attempt)) open.add(attempt)
          if (!add) open.delete(attempt)
          if (add) expected.add(attempt)
          else expected.delete(attempt)
        }
        open.close(gone)
        open.close(gone)
        expect(all.map(({ reasons }) => reasons.length)).toEqual(all.map(each => (expected.has(each) ? 1 : 0)))
      }),
    )
  })

  it('get an error of their own each', () => {
    const open = new OpenAttempts()
    const [one, other] = [new Attempt(), new Attempt()]
    open.add(one)
    open.add(other)
    open.close(gone)
    expect(one.reasons[0]).not.toBe(other.reasons[0])
  })

  it('may begin while others are closed, and are closed too', () => {
    const open = new OpenAttempts()
    const late = new Attempt()
    const one = new Attempt()
    one.close = () => open.add(late)
    open.add(one)
    open.close(gone)
    expect(late.reasons).toHaveLength(1)
  })
})
