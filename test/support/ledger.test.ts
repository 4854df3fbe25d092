import { Ledger } from './ledger'

function ledgerOf(...ids: string[]): Ledger {
  const ledger = new Ledger()
  for (const id of ids) ledger.sent(id)
  return ledger
}

describe('a ledger', () => {
  it('names what was acknowledged and never consumed', () => {
    const ledger = ledgerOf('a', 'b', 'c')
    for (const id of ['a', 'b']) ledger.acknowledged(id)
    ledger.consumed('a')
    expect(ledger.lost).toEqual(['b'])
    expect(ledger.figures).toEqual({ sent: 3, acknowledged: 2, consumed: 1, lost: 1, repeated: 0 })
    ledger.consumed('b')
    expect(ledger.lost).toEqual([])
  })

  it('counts each time that a message comes again', () => {
    const ledger = ledgerOf('a', 'b')
    for (const id of ['a', 'b', 'a', 'a']) ledger.consumed(id)
    expect(ledger.figures.repeated).toBe(2)
    expect(ledger.isConsumed('a')).toBe(true)
    expect(ledger.isConsumed('c')).toBe(false)
  })

  it('takes no message for lost whose send has failed', () => {
    expect(ledgerOf('a').lost).toEqual([])
  })

  it('explains repetitions of what was not settled, and no others', () => {
    const ledger = ledgerOf('a', 'b')
    ledger.consumed('a')
    ledger.settle()
    ledger.consumed('b')
    ledger.consumed('b')
    expect(ledger.unexplained).toEqual([])
    ledger.consumed('a')
    expect(ledger.unexplained).toEqual(['a'])
  })

  it('names what came and was never sent', () => {
    const ledger = ledgerOf('a')
    ledger.consumed('x')
    expect(ledger.strangers).toEqual(['x'])
  })

  it('refuses entries that cannot be', () => {
    const ledger = ledgerOf('a')
    expect(() => ledger.sent('a')).toThrow('given twice')
    expect(() => ledger.acknowledged('b')).toThrow('was not sent')
  })
})
