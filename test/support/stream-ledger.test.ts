import { StreamLedger } from './stream-ledger'

function sentTo(count: number): StreamLedger {
  const ledger = new StreamLedger()
  for (let number = 0; number < count; number++) expect(ledger.send()).toBe(number)
  return ledger
}

describe('the ledger of a stream', () => {
  it('counts what is missing: acknowledged, and not consumed', () => {
    const ledger = sentTo(4)
    for (const number of [0, 1, 2]) ledger.acknowledged(number)
    ledger.consumed(1)
    ledger.failed(3)
    expect(ledger.counts).toEqual({ sent: 4, acknowledged: 3, failed: 1, repeated: 0, missing: 2 })
  })

  it('counts repetitions, of what was settled long ago, too', () => {
    const ledger = sentTo(3)
    for (const number of [0, 1, 2]) {
      ledger.acknowledged(number)
      ledger.consumed(number)
    }
    for (const number of [0, 2, 2]) ledger.consumed(number)
    expect(ledger.counts).toMatchObject({ repeated: 3, missing: 0 })
  })

  it('takes a message that comes before its acknowledgement', () => {
    const ledger = sentTo(1)
    ledger.consumed(0)
    expect(ledger.missing).toBe(0)
    ledger.acknowledged(0)
    expect(ledger.counts).toMatchObject({ repeated: 0, missing: 0 })
  })

  it('tells of a message that was never sent', () => {
    expect(() => sentTo(1).consumed(1)).toThrow('never sent')
    expect(() => sentTo(1).consumed(NaN)).toThrow('never sent')
  })
})
