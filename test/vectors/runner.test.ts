import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FileReport, runVectorFile, summary } from './runner'

const GOOD = {
  id: 'to-1',
  op: 'toString',
  in: { properties: [['TAGS', 'A']] },
  out: { string: 'TAGS\u0001A\u0002', back: { TAGS: 'A' } },
}
const head = { area: 'properties', source: 's', note: 'n' }

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'vectors-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function run(file: object, name = 'properties'): Promise<FileReport> {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(file))
  return runVectorFile(folder, name)
}

describe('the runner of the vectors', () => {
  it('passes what agrees', async () => {
    expect(await run({ ...head, cases: [GOOD] })).toMatchObject({ total: 1, passed: 1, failures: [] })
  })

  it.each([
    ['another value', { ...GOOD, out: { ...GOOD.out, string: 'x' } }, /out\.string/],
    ['a value too many', { ...GOOD, out: { ...GOOD.out, back: { TAGS: 'A', b: 'c' } } }, /out\.back\.b: missing/],
    ['a value too few', { ...GOOD, out: { ...GOOD.out, back: {} } }, /out\.back\.TAGS: not expected/],
    ['an unknown operation', { ...GOOD, op: 'valueOf' }, /unknown operation/],
    ['an unknown field of the input', { ...GOOD, in: { ...GOOD.in, more: 1 } }, /in\.more/],
    ['an unknown field of the result', { ...GOOD, out: { ...GOOD.out, more: 1 } }, /out\.more/],
    ['an error where there is none', { ...GOOD, out: { error: 'Exception', message: 'm' } }, /where Java threw/],
  ])('fails on %s', async (_what, vector, problem) => {
    const report = await run({ ...head, cases: [vector] })
    expect(report).toMatchObject({ passed: 0, excepted: 0, failures: [expect.stringMatching(problem)] })
  })

  it('fails on a file that it does not know', async () => {
    expect((await run({ ...head, cases: [GOOD] }, 'unheard-of')).failures).toEqual([
      expect.stringMatching(/unknown file/),
    ])
  })

  it('refuses unknown fields of files and cases, and an id that comes twice', async () => {
    await expect(run({ ...head, more: 1, cases: [] })).rejects.toThrow(/unknown field more/)
    await expect(run({ ...head, cases: [{ ...GOOD, more: 1 }] })).rejects.toThrow(/unknown field more/)
    await expect(run({ ...head, cases: [GOOD, GOOD] })).rejects.toThrow(/twice/)
  })

  it('excuses an exception only where its rule holds', async () => {
    const hex = (string: string, out: object): object => ({ id: string, op: 'string2bytes', in: { string }, out })
    const report = await run({ ...head, cases: [hex('0g', { hex: 'ff' }), hex('00', { hex: 'ff' })] }, 'message-ids')
    expect(report).toMatchObject({ passed: 0, excepted: 1, failures: [expect.stringMatching(/00.*out\.hex/)] })
  })

  it('prints the cases of each file', async () => {
    expect(summary([await run({ ...head, cases: [GOOD] })])).toMatch(
      /properties +1 passed \/ 0 excepted \/ 1 total\nall files/,
    )
  })
})
