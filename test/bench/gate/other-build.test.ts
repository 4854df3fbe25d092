import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { covers } from '../../../bench/gate/modules'
import { WrongUse } from '../../../bench/script'
import { otherBuild, removeOld } from '../../../bench/gate/other-build'

const folder = mkdtempSync(join(tmpdir(), 'rocketwire-gate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ignore = (): void => undefined

describe('the build to compare with', () => {
  it.each([
    ['no-such-commit', 'no-such-commit is neither a commit nor a folder'],
    ['--all', '--all is neither a commit nor a folder'],
    [folder, 'holds no build'],
  ])('is refused as wrong use where it is %s', async (against, says) => {
    const error: unknown = await otherBuild(against, ignore).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(WrongUse)
    expect((error as Error).message).toContain(says)
  })
})

describe('the cache of builds', () => {
  it('keeps those that were used last, and what is no build', () => {
    const names = ['a', 'b', 'c'].map(letter => letter.repeat(40))
    for (const [i, name] of names.entries()) {
      mkdirSync(join(folder, name, 'dist'), { recursive: true })
      utimesSync(join(folder, name), 1000 + i, 1000 + i)
    }
    mkdirSync(join(folder, 'go-client'))
    removeOld(folder, 2)
    expect(readdirSync(folder).sort()).toEqual([names[1], names[2], 'go-client'])
    expect(existsSync(join(folder, names[2] ?? '', 'dist'))).toBe(true)
  })
})

describe('the packages of another build', () => {
  const lock = (packages: Record<string, string>): Parameters<typeof covers>[0] => ({
    packages: Object.fromEntries(Object.entries(packages).map(([path, version]) => [path, { version }])),
  })
  const here = lock({ '': '2.0.0', 'node_modules/a': '1.0.0', 'node_modules/b': '1.0.0' })

  it('are those from here where all of them are here in the same versions', () => {
    expect(covers(here, lock({ '': '1.0.0', 'node_modules/a': '1.0.0' }))).toBe(true)
  })

  it('are its own where one is missing here or is another version', () => {
    expect(covers(here, lock({ 'node_modules/a': '1.0.1' }))).toBe(false)
    expect(covers(here, lock({ 'node_modules/c': '1.0.0' }))).toBe(false)
  })
})
