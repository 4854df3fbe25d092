import fc from '../support/property'
import { PassThrough, Readable } from 'node:stream'
import { stdinLines } from '../../lib/cli/stdin-lines'

const never = new AbortController().signal

async function linesOf(input: Readable, signal = never): Promise<string[]> {
  const lines: string[] = []
  for await (const group of stdinLines(input, signal)) lines.push(...group.map(line => line.toString('latin1')))
  return lines
}

describe('lines of standard input', () => {
  it('are the same however the bytes are cut into chunks', async () => {
    const bytes = fc.array(fc.constantFrom('a', 'é', '你', '\n', '\r\n', 'x'.repeat(50)), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(
        bytes.map(parts => Buffer.from(parts.join(''))),
        fc.array(fc.nat(200)),
        async (whole, cuts) => {
          const ends = [0, ...cuts.filter(cut => cut < whole.length).toSorted((a, b) => a - b), whole.length]
          const chunks = ends.slice(1).map((end, i) => whole.subarray(ends[i], end))
          const wanted = whole.toString('latin1').split('\n')
          const expected = wanted.map((line, i) => (i < wanted.length - 1 ? line.replace(/\r$/, '') : line))
          expect(await linesOf(Readable.from(chunks, { objectMode: false }))).toEqual(
            expected.filter(line => line !== ''),
          )
        },
      ),
    )
  })

  it('come before the stream ends', async () => {
    const input = new PassThrough()
    input.write('first\nsec')
    const groups = stdinLines(input, never)
    expect(String((await groups.next()).value)).toBe('first')
    input.end('ond')
    expect(String((await groups.next()).value)).toBe('second')
    expect((await groups.next()).done).toBe(true)
  })

  it('end when the signal is aborted, though the stream goes on', async () => {
    const abort = new AbortController()
    const lines = linesOf(new PassThrough(), abort.signal)
    abort.abort()
    expect(await lines).toEqual([])
  })

  it('are refused where one is too long to be a message', async () => {
    const chunk = Buffer.alloc(16 * 1024 * 1024, 'x')
    const endless = Readable.from(
      (function* () {
        for (;;) yield chunk
      })(),
      { objectMode: false },
    )
    await expect(linesOf(endless)).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
  })
})
