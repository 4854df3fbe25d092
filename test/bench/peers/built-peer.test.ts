import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtPeer, hashOf } from '../../../bench/peers/built-peer'

const build = { program: process.execPath, args: ['build.js'], cure: 'Install Node.js.' }
let root: string
let sources: string
let said: string[]

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rocketwire-peers-'))
  sources = join(root, 'sources')
  said = []
  await mkdir(join(sources, 'src'), { recursive: true })
  await writeFile(join(sources, 'build.js'), `require('node:fs').appendFileSync('built', 'once')`)
  await writeFile(join(sources, 'src/main'), 'one')
})

afterEach(() => rm(root, { recursive: true, force: true }))

function built(step = build): Promise<string> {
  return builtPeer({ name: 'java', sources, say: line => said.push(line) }, step, root)
}

describe('builtPeer', () => {
  it('builds a copy of the sources when it is first asked for', async () => {
    const folder = await built()
    expect(await built()).toBe(folder)
    expect(await readFile(join(folder, 'built'), 'utf8')).toBe('once')
    expect(existsSync(join(sources, 'built'))).toBe(false)
    expect(said).toEqual(['building java, once for this version of it'])
  })

  it('builds anew when a source has changed', async () => {
    const folder = await built()
    await writeFile(join(sources, 'src/main'), 'two')
    expect(await built()).not.toBe(folder)
  })

  it('leaves nothing of a build that fails, and tells why', async () => {
    await writeFile(join(sources, 'build.js'), `throw new Error('no network')`)
    await expect(built()).rejects.toThrow(/^java could not be built: .*build\.js ended with code 1$/)
    expect(said.at(-1)).toMatch(/no network.*java needs the network$/s)
    await writeFile(join(sources, 'build.js'), `process.exit(0)`)
    expect(existsSync(await built())).toBe(true)
  })

  it('names the cure where the tool is missing', async () => {
    await expect(built({ ...build, program: 'no-such-tool' })).rejects.toThrow(
      'no-such-tool is not installed or not on the PATH. Install Node.js.',
    )
  })

  it('removes builds that were not used for a day', async () => {
    const old = await built()
    await utimes(old, 0, 0)
    await writeFile(join(sources, 'src/main'), 'two')
    const current = await built()
    expect([existsSync(old), existsSync(current)]).toEqual([false, true])
  })
})

describe('hashOf', () => {
  it('changes with the name of a file', async () => {
    const before = await hashOf(sources)
    await writeFile(join(sources, 'src/niam'), 'one')
    await rm(join(sources, 'src/main'))
    expect(await hashOf(sources)).not.toBe(before)
  })
})
