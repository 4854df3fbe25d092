import { SafeEmitter } from '../../../lib/runtime/safe-emitter'

class Emitter extends SafeEmitter<{ told: [number, string]; other: [] }> {
  readonly failures: [string, string][] = []

  protected override onListenerError(event: string, error: Error): void {
    this.failures.push([event, error.message])
  }
}

describe('SafeEmitter', () => {
  it('calls the listeners in order, with their arguments and the emitter as this', () => {
    const emitter = new Emitter()
    const calls: unknown[] = []
    emitter.on('told', function (this: unknown, ...args) {
      calls.push([this === emitter, ...args])
    })
    emitter.on('told', number => calls.push(number))
    expect(emitter.emit('told', 1, 'one')).toBe(true)
    expect(calls).toEqual([[true, 1, 'one'], 1])
  })

  it('says whether anybody listens', () => {
    expect(new Emitter().emit('other')).toBe(false)
  })

  it('goes on to the next listener after one that throws, and reports it', () => {
    const emitter = new Emitter()
    const heard = jest.fn()
    emitter.on('other', () => {
      throw new Error('mine')
    })
    emitter.on('other', heard)
    emitter.emit('other')
    expect(heard).toHaveBeenCalled()
    expect(emitter.failures).toEqual([['other', 'mine']])
  })

  it('reports an asynchronous listener that rejects', async () => {
    const emitter = new Emitter()
    const rejects: () => unknown = () => Promise.reject(new Error('later'))
    emitter.on('other', rejects)
    emitter.emit('other')
    await Promise.resolve()
    await Promise.resolve()
    expect(emitter.failures).toEqual([['other', 'later']])
  })

  it('calls a listener given by once a single time, also when it emits again itself', () => {
    const emitter = new Emitter()
    const heard = jest.fn(() => void emitter.emit('other'))
    emitter.once('other', heard)
    emitter.emit('other')
    emitter.emit('other')
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('calls a listener no more that was taken off, given by once or not', () => {
    const emitter = new Emitter()
    const heard = jest.fn()
    emitter.on('other', heard).off('other', heard).once('other', heard).off('other', heard)
    emitter.emit('other')
    expect(heard).not.toHaveBeenCalled()
  })

  it('ignores failures of listeners where nobody wants to hear of them', () => {
    const emitter = new SafeEmitter<{ other: [] }>()
    emitter.on('other', () => {
      throw new Error('mine')
    })
    expect(() => emitter.emit('other')).not.toThrow()
  })
})
