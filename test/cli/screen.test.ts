import { PassThrough, Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { Screen } from '../../lib/cli/screen'

const CLEAR = '\r\u001b[2K'

function streamOf({ isTTY = false, highWaterMark = 16_384 } = {}): { stream: WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough({ highWaterMark }), { isTTY, columns: 20 })
  let text = ''
  const written = stream.write.bind(stream)
  stream.write = (chunk: string, ...more: unknown[]): boolean => {
    text += chunk
    return Reflect.apply(written, stream, [chunk, ...more]) as boolean
  }
  return { stream: stream as unknown as WriteStream, text: () => text }
}

describe('the screen', () => {
  it('rewrites its status in place on a terminal, below the lines', () => {
    const { stream, text } = streamOf({ isTTY: true })
    const screen = new Screen({ stream })
    screen.status('1 of 2')
    screen.line('hello')
    screen.flush()
    screen.status('2 of 2')
    screen.status('')
    expect(text()).toBe(`${CLEAR}1 of 2${CLEAR}hello\n${CLEAR}1 of 2${CLEAR}2 of 2${CLEAR}`)
  })

  it('cuts its status to the width of the terminal', () => {
    const { stream, text } = streamOf({ isTTY: true })
    new Screen({ stream }).status('x'.repeat(50))
    expect(text()).toBe(`${CLEAR}${'x'.repeat(19)}`)
  })

  it('prints states as lines elsewhere where that is wanted', () => {
    const plain = streamOf()
    const screen = new Screen({ stream: plain.stream, plainStatus: true })
    for (const state of ['1', '2', '2', '']) screen.status(state)
    screen.flush()
    expect(plain.text()).toBe('1\n2\n')
  })

  it('prints no states elsewhere by default', () => {
    const { stream, text } = streamOf()
    const screen = new Screen({ stream })
    screen.status('1')
    screen.flush()
    expect(text()).toBe('')
  })

  it('lets writers wait while the stream is full', async () => {
    const { stream } = streamOf({ highWaterMark: 4 })
    const screen = new Screen({ stream })
    expect(screen.room()).toBeUndefined()
    screen.line('more than four')
    screen.flush()
    const room = screen.room()
    expect(room).toBeInstanceOf(Promise)
    stream.resume()
    await room
    expect(screen.room()).toBeUndefined()
  })

  it.each(['EPIPE', 'ENOSPC'])(
    'tells that nothing can be written any more, and keeps nobody waiting then: %s',
    async code => {
      const { stream } = streamOf({ highWaterMark: 4 })
      const onClosed = jest.fn()
      const screen = new Screen({ stream, onClosed })
      screen.line('more than four')
      screen.flush()
      const room = screen.room()
      stream.destroy(Object.assign(new Error(`write ${code}`), { code }))
      await room
      expect(onClosed).toHaveBeenCalledTimes(1)
    },
  )

  it('settles when a slow output has taken what was printed, or has refused it', async () => {
    const told: string[] = []
    const pending: ((error?: Error) => void)[] = []
    const slow = new Writable({ write: (_chunk, _encoding, done) => void pending.push(done) })
    const screen = new Screen({ stream: slow as unknown as WriteStream })
    screen.line('first')
    void screen.written().then(() => told.push('written'))
    const settled = screen.settled().then(() => told.push('settled'))
    await new Promise(resolve => setImmediate(resolve))
    expect(told).toEqual([])
    pending.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
    pending.shift()?.()
    await settled
    expect(told).toEqual(['written', 'settled'])
    screen.line('second')
    const refused = screen.settled()
    pending.shift()?.(new Error('no space left'))
    await refused
    expect(told).toEqual(['written', 'settled'])
  })

  it('tells when the lines so far are written, together for all of a turn', async () => {
    const { stream, text } = streamOf()
    const screen = new Screen({ stream })
    screen.line('1')
    const first = screen.written()
    screen.line('2')
    expect(screen.written()).toBe(first)
    await first
    expect(text()).toBe('1\n2\n')
    await screen.written()
  })

  it('never tells so of what could not be written', async () => {
    const { stream } = streamOf()
    const onClosed = jest.fn()
    const screen = new Screen({ stream, onClosed })
    stream.destroy(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }))
    const isWritten = jest.fn()
    screen.line('1')
    void screen.written().then(isWritten)
    screen.flush()
    await new Promise(resolve => stream.once('close', resolve))
    void screen.written().then(isWritten)
    await new Promise(resolve => setImmediate(resolve))
    expect(onClosed).toHaveBeenCalledTimes(1)
    expect(isWritten).not.toHaveBeenCalled()
  })
})
