import { PassThrough } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { Screen } from '../../lib/cli/screen'

const CLEAR = '\r\u001b[2K'

function streamOf({ isTTY = false, highWaterMark = 16_384 } = {}): { stream: WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough({ highWaterMark }), { isTTY, columns: 20 })
  let text = ''
  const written = stream.write.bind(stream)
  stream.write = (chunk: string): boolean => {
    text += chunk
    return written(chunk)
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

  it('tells that nobody reads any more, and keeps nobody waiting then', async () => {
    const { stream } = streamOf({ highWaterMark: 4 })
    const onClosed = jest.fn()
    const screen = new Screen({ stream, onClosed })
    screen.line('more than four')
    screen.flush()
    const room = screen.room()
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await room
    expect(onClosed).toHaveBeenCalledTimes(1)
  })
})
