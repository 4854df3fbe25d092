import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { INSTRUMENTS } from '../../../../lib/client/telemetry/metrics'

describe('the instruments', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/observability.md'), 'utf8')

  it.each(Object.values(INSTRUMENTS))('$name is documented with its kind and unit', ({ name, kind, unit }) => {
    const row = page.split('\n').find(line => line.startsWith(`| \`${name}\``)) ?? ''
    const cells = row.split('|').map(cell => cell.trim())
    expect(cells.slice(1, 4)).toEqual([`\`${name}\``, kind, `\`${unit}\``])
  })
})
