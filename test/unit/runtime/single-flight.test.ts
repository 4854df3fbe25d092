import { ManualClock } from '../../../lib/runtime/manual-clock'
import { SingleFlight } from '../../../lib/runtime/single-flight'

const clock = new ManualClock()

function setUp() {
  const flights = new SingleFlight<string, string>()
  const asked: { signal: AbortSignal; answer: (value: string) => void; fail: (error: Error) => void }[] = []
  const fetch = (signal: AbortSignal): Promise<string> =>
    new Promise((answer, fail) => {
      asked.push({ signal, answer, fail })
    })
  return { flights, asked, fetch }
}

describe('SingleFlight', () => {
  it('asks once for all who ask meanwhile', async () => {
    const { flights, asked, fetch } = setUp()
    const answers = [flights.run('T', fetch), flights.run('T', fetch)]
    expect(asked).toHaveLength(1)
    expect(flights.has('T')).toBe(true)
    asked[0]?.answer('route')
    await expect(Promise.all(answers)).resolves.toEqual(['route', 'route'])
  })

  it('asks for each key by itself', () => {
    const { flights, asked, fetch } = setUp()
    void flights.run('A', fetch)
    void flights.run('B', fetch)
    expect(asked).toHaveLength(2)
  })

  it('asks anew once the answer has come, be it a failure', async () => {
    const { flights, asked, fetch } = setUp()
    const failed = [flights.run('T', fetch), flights.run('T', fetch)]
    asked[0]?.fail(new Error('down'))
    await expect(Promise.allSettled(failed)).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(flights.has('T')).toBe(false)
    const again = flights.run('T', fetch)
    asked[1]?.answer('up')
    await expect(again).resolves.toBe('up')
  })

  it('leaves the answer to the others when the one who asked first gives up', async () => {
    const { flights, asked, fetch } = setUp()
    const abort = new AbortController()
    const first = flights.run('T', fetch, abort.signal)
    const second = flights.run('T', fetch, new AbortController().signal)
    const third = flights.run('T', fetch)
    abort.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    expect(asked[0]?.signal.aborted).toBe(false)
    asked[0]?.answer('route')
    await expect(Promise.all([second, third])).resolves.toEqual(['route', 'route'])
  })

  it('calls the question off when nobody waits any more, and the next one asks anew', async () => {
    const { flights, asked, fetch } = setUp()
    const aborts = [new AbortController(), new AbortController()]
    const waits = aborts.map(abort => flights.run('T', fetch, abort.signal))
    for (const abort of aborts) abort.abort(new Error('enough'))
    await Promise.allSettled(waits)
    expect(asked[0]?.signal.aborted).toBe(true)
    const next = flights.run('T', fetch)
    asked[0]?.fail(new Error('called off'))
    await clock.advance(0)
    expect(flights.has('T')).toBe(true)
    asked[1]?.answer('route')
    await expect(next).resolves.toBe('route')
  })

  it('does not ask for one who gave up before', async () => {
    const { flights, asked, fetch } = setUp()
    await expect(flights.run('T', fetch, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    expect(asked).toEqual([])
  })

  it('leaves no listener on the signal', async () => {
    const { flights, asked, fetch } = setUp()
    const { signal } = new AbortController()
    const [added, removed] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')]
    const wait = flights.run('T', fetch, signal)
    asked[0]?.answer('route')
    await wait
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })

  it('leaves no rejection unhandled when all gave up before the failure', async () => {
    const { flights, asked, fetch } = setUp()
    const abort = new AbortController()
    const wait = flights.run('T', fetch, abort.signal)
    abort.abort(new Error('enough'))
    await expect(wait).rejects.toThrow('enough')
    const unhandled = jest.fn()
    process.once('unhandledRejection', unhandled)
    asked[0]?.fail(new Error('late'))
    await clock.advance(0)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
