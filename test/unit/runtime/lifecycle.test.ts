import { Lifecycle } from '../../../lib/runtime/lifecycle'
import { ManualClock } from '../../../lib/runtime/manual-clock'

const nothing = async (): Promise<void> => undefined

/** A promise and what settles it. */
function deferred() {
  let resolve = (): void => undefined
  let reject = (_error: Error): void => undefined
  const promise = new Promise<void>((onResolve, onReject) => ((resolve = onResolve), (reject = onReject)))
  return { promise, resolve, reject }
}

describe('Lifecycle', () => {
  it('goes from created through running to stopped', async () => {
    const life = new Lifecycle('producer p')
    const states = [life.state]
    await life.start(async () => void states.push(life.state), nothing)
    states.push(life.state)
    await life.stop(async () => void states.push(life.state))
    expect([...states, life.state]).toEqual(['created', 'starting', 'running', 'stopping', 'stopped'])
  })

  it('starts once, however often it is asked', async () => {
    const life = new Lifecycle('producer p')
    const start = jest.fn(nothing)
    const first = life.start(start, nothing)
    expect(life.start(start, nothing)).toBe(first)
    await first
    expect(start).toHaveBeenCalledTimes(1)
  })

  it('undoes a start that failed, and rejects with its error afterwards', async () => {
    const life = new Lifecycle('producer p')
    const undo = jest.fn(nothing)
    const start = life.start(() => Promise.reject(new Error('no name server')), undo)
    await expect(start).rejects.toThrow('no name server')
    expect(undo).toHaveBeenCalledTimes(1)
    expect(life.state).toBe('failed')
  })

  it('does not start again after a failed start', async () => {
    const life = new Lifecycle('producer p')
    await expect(life.start(() => Promise.reject(new Error('first')), nothing)).rejects.toThrow('first')
    await expect(life.start(nothing, nothing)).rejects.toThrow('first')
  })

  it('stops without running its stop where it never ran', async () => {
    const [fresh, failed] = [new Lifecycle('a'), new Lifecycle('b')]
    await failed.start(() => Promise.reject(new Error('no')), nothing).catch(() => undefined)
    const stop = jest.fn(nothing)
    await Promise.all([fresh.stop(stop), failed.stop(stop)])
    expect(stop).not.toHaveBeenCalled()
    expect([fresh.state, failed.state]).toEqual(['stopped', 'stopped'])
  })

  it('waits with its stop for a start under way', async () => {
    const life = new Lifecycle('producer p')
    const { promise, resolve } = deferred()
    const stop = jest.fn(nothing)
    const started = life.start(() => promise, nothing)
    const stopped = life.stop(stop)
    await new ManualClock().advance(0)
    expect(stop).not.toHaveBeenCalled()
    resolve()
    await Promise.all([started, stopped])
    expect(stop).toHaveBeenCalledTimes(1)
  })

  it('stops once, and gives everyone who asks the same promise', async () => {
    const life = new Lifecycle('producer p')
    await life.start(nothing, nothing)
    const stop = jest.fn(nothing)
    const first = life.stop(stop)
    expect(life.stop(stop)).toBe(first)
    await first
    expect(stop).toHaveBeenCalledTimes(1)
  })

  it('is stopped even where its stop fails, and says so', async () => {
    const life = new Lifecycle('producer p')
    await life.start(nothing, nothing)
    await expect(life.stop(() => Promise.reject(new Error('work left')))).rejects.toThrow('work left')
    expect(life.state).toBe('stopped')
  })

  it('refuses to start after its stop', async () => {
    const life = new Lifecycle('producer p')
    await life.stop(nothing)
    await expect(life.start(nothing, nothing)).rejects.toMatchObject({
      code: 'INVALID_STATE',
      message: 'producer p is stopped and cannot become starting',
    })
  })

  it('refuses to start again after it ran and was stopped', async () => {
    const life = new Lifecycle('producer p')
    await life.start(nothing, nothing)
    const stopped = life.stop(nothing)
    await expect(life.start(nothing, nothing)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await stopped
    await expect(life.start(nothing, nothing)).rejects.toThrow('producer p is stopped: create a new one')
  })

  it('refuses moves that its drawing does not have', () => {
    const life = new Lifecycle('producer p')
    expect(() => life.to('running')).toThrow('producer p is created and cannot become running')
    expect(life.state).toBe('created')
  })

  it('tells who asks too early or too late what to do', async () => {
    const life = new Lifecycle('producer p')
    expect(() => life.mustRun()).toThrow('producer p is created: call start() first')
    await life.start(nothing, nothing)
    expect(() => life.mustRun()).not.toThrow()
    await life.stop(nothing)
    expect(() => life.mustRun()).toThrow('producer p is stopped: create a new one')
  })
})
