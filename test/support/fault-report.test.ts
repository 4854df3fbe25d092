import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tellFault } from './fault-report'
import { Ledger } from './ledger'

const PLACE = { kind: 'real', version: '4.9' } as const

function ledger(): Ledger {
  const made = new Ledger()
  made.sent('a')
  made.acknowledged('a')
  made.consumed('a')
  return made
}

describe('the report of a fault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rocketwire-figures-'))
  const file = join(folder, 'figures')
  const before = process.env.ROCKETWIRE_FIGURES
  beforeAll(() => {
    process.env.ROCKETWIRE_FIGURES = file
  })
  afterAll(() => {
    if (before === undefined) delete process.env.ROCKETWIRE_FIGURES
    else process.env.ROCKETWIRE_FIGURES = before
    rmSync(folder, { recursive: true })
  })

  const tell = (
    given: Ledger,
    rest: { recovery?: { sendMs: number | undefined; consumeMs: number | undefined } } = {},
  ) => tellFault(PLACE, { row: 3, fault: 'a broker is gone', ledger: given, withinMs: 100, ...rest })

  it('has nothing to say against a ledger that tallies and a recovery in time', () => {
    expect(() => tell(ledger(), { recovery: { sendMs: 10, consumeMs: 100 } })).not.toThrow()
  })

  it('fails where a message is lost, comes again without a reason, or was never sent', () => {
    const given = ledger()
    given.settle()
    given.consumed('a')
    given.sent('b')
    given.acknowledged('b')
    given.consumed('x')
    const says = 'fault 3, a broker is gone: 1 acknowledged and lost: b; 1 settled and yet repeated: a; 1 never sent: x'
    expect(() => tell(given)).toThrow(says)
  })

  it('fails where nothing was consumed', () => {
    expect(() => tell(new Ledger())).toThrow('nothing was consumed')
  })

  it('fails where it took too long, or for ever', () => {
    expect(() => tell(ledger(), { recovery: { sendMs: 401, consumeMs: undefined } })).toThrow(
      'sendMs: 401 ms, far above the limit of 100; consumeMs: it did not go on',
    )
  })

  it('stands in the file of figures, a line each', () => {
    rmSync(file, { force: true })
    tell(ledger(), { recovery: { sendMs: 1, consumeMs: 2 } })
    const figures = { sent: 1, acknowledged: 1, consumed: 1, lost: 0, repeated: 0 }
    const line = { row: 3, fault: 'a broker is gone', place: 'RocketMQ 4.9.4', figures }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...line, recovery: { sendMs: 1, consumeMs: 2 } })
  })
})
