import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultReport } from './fault-report'
import { readReports, tableOf, writeTable } from './fault-table'

const report = (row: FaultReport['row'], fault: string, rest: Partial<FaultReport> = {}): FaultReport => ({
  row,
  fault,
  place: 'emulator',
  figures: { sent: 1500, acknowledged: 1200, consumed: 1200, lost: 0, repeated: 7 },
  recovery: {},
  ...rest,
})

describe('the table of faults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rocketwire-table-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('has a line for each fault, by rows, clusters last, and a column for each place that was measured', () => {
    const reports = [
      report('cluster', 'a master is killed', { place: 'RocketMQ 5.5.0' }),
      report(13, 'GO_AWAY'),
      report(3, 'a broker is gone', { recovery: { sendMs: 20, consumeMs: 1540 } }),
      report(3, 'a broker is gone', { place: 'RocketMQ 5.5.0', also: 'and more' }),
    ]
    expect(tableOf(reports).split('\n')).toEqual([
      '| # | fault | emulator | RocketMQ 5.5.0 |',
      '|---|---|---|---|',
      '| 3 | a broker is gone | 1,200: 0 / 7; < 0.1 s / 1.5 s | 1,200: 0 / 7; and more |',
      '| 13 | GO_AWAY | 1,200: 0 / 7 |  |',
      '| cluster | a master is killed |  | 1,200: 0 / 7 |',
    ])
  })

  it('shows the last of several reports of a fault', () => {
    const later = { figures: { ...report(1, 'x').figures, repeated: 9 } }
    expect(tableOf([report(1, 'x'), report(1, 'x', later)])).toContain('1,200: 0 / 9')
  })

  it('is read from the lines of a run, and none are there where it came to no fault', () => {
    const file = join(folder, 'figures')
    expect(readReports(file)).toEqual([])
    writeFileSync(file, `${JSON.stringify(report(1, 'x'))}\n${JSON.stringify(report(2, 'y'))}\n`)
    expect(readReports(file).map(({ row }) => row)).toEqual([1, 2])
  })

  it('takes the place of the one that stands in a page, and nothing else', () => {
    const page = join(folder, 'page.md')
    const [begin, end] = ['<!-- figures: npm run test:contract:full -- --write -->', '<!-- end of figures -->']
    writeFileSync(page, `before\n${begin}\n\nold\n\n${end}\nafter\n`)
    writeTable(page, '| new |')
    expect(readFileSync(page, 'utf8')).toBe(`before\n${begin}\n\n| new |\n\n${end}\nafter\n`)
    writeFileSync(page, 'nothing')
    expect(() => writeTable(page, '| new |')).toThrow('must hold the lines')
  })
})
