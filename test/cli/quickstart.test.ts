import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { QUICKSTART_SCRIPT } from '../../lib/cli/quickstart-script'
import { packageRoot } from '../support/package-root'
import { runCli } from '../support/cli-process'

/** Tag and body of each row of the table. */
function rowsOf(lines: readonly string[]): string[] {
  return lines
    .map(line => /^│ (?:send|sendAsync|sendOneway)\b[^│]*│ (\w+) *│ ([^│]*?) *│/.exec(line))
    .filter(match => match !== null)
    .map(([, tag, body]) => `${tag} ${body}`)
}

function runScript(): string[] {
  const folder = mkdtempSync(join(packageRoot(), 'node_modules', '.quickstart-'))
  try {
    const file = join(folder, 'quickstart.ts')
    writeFileSync(file, QUICKSTART_SCRIPT)
    const { stdout, status, stderr } = spawnSync(process.execPath, ['scripts/ts.mjs', file], {
      cwd: packageRoot(),
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout.trim().split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('rocketwire quickstart', () => {
  it('sends in every way, receives all, and prints the script, which does the same when it is run', async () => {
    const { code, lines, errors } = await runCli(['quickstart'], { env: { NODE_ENV: 'production' } })
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    const output = lines.join('\n')
    expect(output).toContain('10 messages sent, 10 received, 10 acknowledged on the broker')
    expect(output).toContain(QUICKSTART_SCRIPT.trimEnd())
    expect(lines).toContain('[##############################] 10 of 10 sent, 10 received')
    const rows = rowsOf(lines)
    expect(rows).toHaveLength(10)
    expect(rows.filter(row => row.startsWith('ordered'))).toEqual([
      'ordered created',
      'ordered paid',
      'ordered shipped',
    ])
    expect(rows.at(-1)).toBe('delayed one second later')
    expect(runScript().toSorted()).toEqual(rows.toSorted())
  })

  it('draws a table whose rows are equally wide with Chinese text in them', async () => {
    const { lines } = await runCli(['quickstart'])
    const widths = lines.filter(line => line.startsWith('│')).map(line => widthOf(line))
    expect(widths.length).toBe(11)
    expect(new Set(widths).size).toBe(1)
  })
})

/** Columns on a terminal, where Chinese characters take two. */
function widthOf(line: string): number {
  return Array.from(line).reduce((sum, character) => sum + (/[\u3000-\u9fff\uff00-\uffef]/.test(character) ? 2 : 1), 0)
}
