import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../support/package-root'
import { runCli } from '../support/cli-process'

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
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
})
