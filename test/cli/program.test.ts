import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../support/package-root'
import { runCli } from '../support/cli-process'

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
const FULL_DISK = '/dev/full'
const VERBS = ['quickstart', 'emulator', 'produce', 'consume']

describe('rocketwire', () => {
  it('prints its version', async () => {
    expect(await runCli(['--version'])).toEqual({ code: 0, lines: [version], errors: '' })
  })

  it('lists its verbs', async () => {
    const { code, lines } = await runCli(['--help'])
    expect(code).toBe(0)
    for (const verb of VERBS) expect(lines.join('\n')).toMatch(new RegExp(`^  ${verb} `, 'm'))
  })

  it.each(VERBS)('has help with exit code 0 for %s', async verb => {
    const { code, lines } = await runCli([verb, '--help'])
    expect(code).toBe(0)
    expect(lines[0]).toContain(`Usage: rocketwire ${verb}`)
  })

  it.each([[[]], [['bogus']], [['--bogus']], [['quickstart', 'more']]])('ends with 2 for %j', async args => {
    const { code, lines, errors } = await runCli(args)
    expect({ code, lines }).toEqual({ code: 2, lines: [] })
    expect(errors).not.toBe('')
  })

  const itOnFullDisk = existsSync(FULL_DISK) ? it : it.skip
  itOnFullDisk.each([[['--help']], [['quickstart']], [['emulator']]])(
    'ends with 1 and a line where the output of %j has no room',
    async args => {
      const { code, errors } = await runCli(args, { output: FULL_DISK })
      expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(/^rocketwire: .*ENOSPC.*\n$/) })
    },
  )
})
