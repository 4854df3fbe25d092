import { PassThrough } from 'node:stream'
import { openStream } from '../../../lib/remoting/open-stream'

describe('openStream', () => {
  it('gives an open stream as it is', () => {
    const stream = new PassThrough()
    expect(openStream(stream)).toBe(stream)
  })

  it.each([undefined, null, 5, 'socket', {}, { on: () => undefined, write: () => true }])('refuses %j', given => {
    expect(() => openStream(given)).toThrow(/gave no stream/)
  })

  it('refuses a stream that is closed, or only half open, and closes that', () => {
    const ended = new PassThrough().end()
    for (const stream of [new PassThrough().destroy(), ended])
      expect(() => openStream(stream)).toThrow(/closed already/)
    expect(ended.destroyed).toBe(true)
  })
})
